use std::sync::{Barrier, Mutex};

use super::*;
use crate::edge::{Coalesced, Coalescing, Feed, guard};
use crate::ring::mpmc::{Mpmc, Receiver, ends};
use crate::ring::{Reader, Writer};

/// A record of a key, the how-manieth of it. `bad` keys panic when they are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Quote(Symbol, u32);

#[derive(Debug, Clone, Eq)]
struct Symbol {
    name: u32,
    bad: bool,
}
impl Hash for Symbol {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        // Few hashes, so that keys collide.
        (self.name % 5).hash(state);
    }
}
impl PartialEq for Symbol {
    fn eq(&self, other: &Self) -> bool {
        assert!(!self.bad && !other.bad, "tripped by a key");
        self.name == other.name
    }
}
impl Keyed for Quote {
    type Key = Symbol;
    fn key(&self) -> &Symbol {
        &self.0
    }
}

fn quote(name: u32, n: u32) -> Env<Quote> {
    Env::new(Quote(Symbol { name, bad: false }, n))
}

type Ends<const N: usize> = (Coalescing<Quote, (), N>, Coalesced<Env<Quote>, Receiver<Env<Quote>, N>>);

fn ring<const N: usize>() -> Ends<N> {
    let (sender, receiver) = ends(Mpmc::<Env<Quote>, N>::boxed());
    let backlog = (keys::<Quote, ()>().make)(N);
    (Coalescing::new(sender, backlog.clone()), Coalesced::new(receiver, backlog))
}

fn pop<const N: usize>(from: &mut Ends<N>) -> Option<(u32, u32)> {
    from.1.pop().map(|x| (x.record.0.name, x.record.1))
}

#[test]
fn the_newer_record_takes_the_place_of_the_queued_one() {
    let mut ring = ring::<4>();
    for (name, n) in [(1, 1), (2, 1), (1, 2), (3, 1), (1, 3)] {
        ring.0.push(quote(name, n)).unwrap();
    }
    assert_eq!((ring.0.len(), ring.0.take_replaced(), ring.0.take_replaced()), (3, 2, 0));
    assert_eq!(
        [(); 4].map(|()| pop(&mut ring)),
        [Some((1, 3)), Some((2, 1)), Some((3, 1)), None]
    );
    // Taken is not queued.
    ring.0.push(quote(1, 4)).unwrap();
    assert_eq!((pop(&mut ring), ring.0.take_replaced()), (Some((1, 4)), 0));
}

#[test]
fn it_is_full_of_different_keys_only() {
    let mut ring = ring::<2>();
    ring.0.push(quote(1, 1)).unwrap();
    ring.0.push(quote(2, 1)).unwrap();
    assert!(matches!(ring.0.push(quote(3, 1)), Err(PushError::Full(_))));
    (2..100).for_each(|n| ring.0.push(quote(1, n)).unwrap());
    assert_eq!((pop(&mut ring), pop(&mut ring)), (Some((1, 99)), Some((2, 1))));
    assert_eq!(ring.0.push_again(quote(3, 2)), Ok(()));
    assert_eq!(pop(&mut ring), Some((3, 2)));
}

/// Against a model: a list of keys with their newest records.
#[test]
fn it_is_a_queue_of_keys_with_their_newest_records() {
    let mut random = 3_u64;
    let mut dice = move |below: u64| {
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((random >> 33) % below) as u32
    };
    for names in [3, 10, 40] {
        let mut ring = ring::<8>();
        let (mut model, mut replaced): (Vec<(u32, u32)>, _) = (Vec::new(), 0);
        for n in 0..20_000 {
            if dice(9) < 5 {
                let name = dice(names);
                let pushed = ring.0.push(quote(name, n));
                match model.iter().position(|queued| queued.0 == name) {
                    Some(at) => {
                        model[at].1 = n;
                        replaced += 1;
                    }
                    None if model.len() == 8 => {
                        assert!(matches!(pushed, Err(PushError::Full(_))));
                        continue;
                    }
                    None => model.push((name, n)),
                }
                assert_eq!(pushed, Ok(()));
            } else {
                let first = (!model.is_empty()).then(|| model.remove(0));
                assert_eq!(pop(&mut ring), first);
            }
            assert_eq!(ring.0.len(), model.len());
        }
        assert_eq!(ring.0.take_replaced(), replaced);
        assert!(replaced > 100);
    }
}

/// A key that panics costs its own record, or its place in the queue; nothing else.
#[test]
fn a_key_that_panics_leaves_the_queue_as_it_was() {
    let mut ring = ring::<4>();
    ring.0.push(quote(1, 1)).unwrap();
    let bad = |name, n| Env::new(Quote(Symbol { name, bad: true }, n));
    assert!(guard(|| ring.0.push(bad(1, 2))).is_err());
    // It had been refused before: it goes by itself.
    ring.0.push_again(bad(1, 3)).unwrap();
    ring.0.push(quote(2, 4)).unwrap();
    assert_eq!(
        [(); 4].map(|()| pop(&mut ring)),
        [Some((1, 1)), Some((1, 3)), Some((2, 4)), None]
    );
}

/// A key whose copies panic when they go, and look whether the queue is free.
#[derive(Debug)]
struct Touchy {
    name: u32,
    is_copy: bool,
}
impl Clone for Touchy {
    fn clone(&self) -> Self {
        Touchy {
            name: self.name,
            is_copy: true,
        }
    }
}
impl Drop for Touchy {
    fn drop(&mut self) {
        assert!(!self.is_copy || std::thread::panicking(), "tripped by a copy");
    }
}
impl PartialEq for Touchy {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}
impl Eq for Touchy {}
impl Hash for Touchy {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}
impl Keyed for Touchy {
    type Key = Touchy;
    fn key(&self) -> &Touchy {
        self
    }
}

#[test]
fn a_copy_of_a_key_that_panics_when_it_goes_costs_no_record() {
    let (sender, receiver) = ends(Mpmc::<Env<Touchy>, 1>::boxed());
    let backlog = (keys::<Touchy, ()>().make)(1);
    let (mut to, mut from) = (
        Coalescing::new(sender, backlog.clone()),
        Coalesced::new(receiver, backlog.clone()),
    );
    let record = |name| Env::new(Touchy { name, is_copy: false });
    to.push(record(1)).unwrap();
    let refused = guard(|| to.push(record(2))).expect("no panic");
    assert!(
        matches!(refused, Err(PushError::Full(x)) if x.record.name == 2),
        "it comes back"
    );
    assert_eq!(from.pop().map(|x| x.record.name), Some(1));
}

#[test]
fn closed_it_takes_no_newer_record() {
    let (sender, receiver) = ends(Mpmc::<Env<Quote>, 4>::boxed());
    let backlog = (keys::<Quote, ()>().make)(4);
    let (mut one, mut other) = (
        Coalescing::new(sender.clone(), backlog.clone()),
        Coalescing::new(sender.clone(), backlog.clone()),
    );
    let mut from = Coalesced::new(receiver, backlog);
    one.push(quote(1, 1)).unwrap();
    sender.close_all();
    assert!(matches!(other.push(quote(1, 2)), Err(PushError::Closed(_))));
    assert_eq!((from.pop(), from.is_ended()), (Some(quote(1, 1)), true));
}

#[test]
fn what_no_reader_takes_comes_back_as_the_newest() {
    let (mut to, mut from) = ring::<4>();
    for (name, n) in [(1, 1), (2, 1), (1, 2)] {
        to.push(quote(name, n)).unwrap();
    }
    // Who closes last finds what is left.
    from.close();
    to.close();
    assert_eq!(
        [to.reclaim(), to.reclaim(), to.reclaim()],
        [Some(quote(1, 2)), Some(quote(2, 1)), None]
    );
}

/// Writers and readers at once: the last record of each key comes, and every record is taken or counted, once.
#[test]
fn threads_lose_nothing_but_what_was_replaced() {
    const WRITERS: u32 = 2;
    const EACH: u32 = 4_000;
    let (to, from) = ring::<8>();
    let (start, taken) = (Barrier::new(WRITERS as usize + 2), Mutex::new(Vec::new()));
    let replaced: usize = std::thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let (mut to, start) = (to.clone(), &start);
                scope.spawn(move || {
                    start.wait();
                    for n in 0..EACH {
                        // A key has one writer, so that its last record is known.
                        let mut x = quote(writer * 100 + n % 7, n);
                        while let Err(refused) = to.push(x) {
                            to.publish();
                            x = refused.into_inner();
                            std::thread::yield_now();
                        }
                    }
                    to.take_replaced()
                })
            })
            .collect();
        for mut from in [from.clone(), from] {
            let (start, taken) = (&start, &taken);
            scope.spawn(move || {
                start.wait();
                while !from.is_ended() {
                    match from.pop() {
                        Some(x) => taken.lock().unwrap().push(x.record),
                        None => std::thread::yield_now(),
                    }
                    from.release();
                }
            });
        }
        drop(to);
        writers.into_iter().map(|writer| writer.join().unwrap()).sum()
    });
    let taken = taken.into_inner().unwrap();
    assert_eq!(taken.len() + replaced, (WRITERS * EACH) as usize);
    for writer in 0..WRITERS {
        for key in 0..7 {
            let of: Vec<u32> = taken
                .iter()
                .filter(|quote| quote.0.name == writer * 100 + key)
                .map(|quote| quote.1)
                .collect();
            assert!((0..EACH).rev().find(|n| n % 7 == key).is_some_and(|last| of.contains(&last)));
        }
    }
}
