//! A ring and the list beside it: every record is taken or was replaced, and the last of each key comes.
//!
//! No ring here is so small that the planted fault fills the list: then it would search for ever.

use std::collections::HashMap;

use core::future::poll_fn;

use shuttle::rand::{Rng, thread_rng};
use shuttle::thread::spawn;

use crate::edge::{Coalesced, Coalescing, Feed, keys};
use crate::record::{Env, Keyed};
use crate::ring::mpmc::{Mpmc, ends};
use crate::ring::schedule::{block_on, holds, push};
use crate::ring::sync::Twin::*;
use crate::ring::sync::planted;
use crate::ring::{Reader, Writer};

/// A record of a key, the how-manieth of it.
#[derive(Clone)]
struct Quote(usize, usize);
impl Keyed for Quote {
    type Key = usize;
    fn key(&self) -> &usize {
        &self.0
    }
}

/// Keys of one writer.
const KEYS: usize = 3;

/// Takes to the end; the last of each key that it took, and how many.
fn read<R: Reader<Env<Quote>>>(mut from: R, pop: impl Fn(&mut R) -> Option<Env<Quote>>) -> (HashMap<usize, usize>, usize) {
    let (mut last, mut taken) = (HashMap::new(), 0);
    while block_on(poll_fn(|cx| from.poll_ready(cx))) != 0 {
        if let Some(x) = pop(&mut from) {
            let Quote(key, n) = x.record;
            let last = last.entry(key).or_insert(n);
            *last = n.max(*last);
            taken += 1;
        }
        from.release();
    }
    (last, taken)
}

fn coalesce<const N: usize>(writers: usize, readers: usize, each: usize) {
    let (sender, receiver) = ends(Mpmc::<Env<Quote>, N>::boxed_before_wrap(each / 2));
    let backlog = (keys::<Quote, ()>().make)(N);
    let writers: Vec<_> = (0..writers)
        .map(|writer| {
            let mut to = Coalescing::new(sender.clone(), backlog.clone());
            spawn(move || {
                let mut last = HashMap::new();
                for n in 0..each {
                    let key = writer * KEYS + thread_rng().gen_range(0..KEYS);
                    assert!(block_on(push(&mut to, Env::new(Quote(key, n)))));
                    last.insert(key, n);
                    if n % 4 == 3 {
                        to.publish();
                    }
                }
                to.publish();
                (last, to.take_replaced())
            })
        })
        .collect();
    drop(sender);
    let readers: Vec<_> = (0..readers)
        .map(|_| {
            let (receiver, backlog) = (receiver.clone(), backlog.clone());
            spawn(move || {
                if planted() {
                    // Outside the lock: another may come between the ring and the list.
                    return read(receiver, |ring| {
                        let mut oldest = ring.pop();
                        backlog.take(&mut || oldest.take())
                    });
                }
                read(Coalesced::new(receiver, backlog), Reader::pop)
            })
        })
        .collect();
    drop(receiver);
    let records = writers.len() * each;
    let (mut offered, mut came, mut all) = (HashMap::new(), HashMap::<usize, usize>::new(), 0);
    for writer in writers {
        let (last, replaced) = writer.join().unwrap();
        offered.extend(last);
        all += replaced;
    }
    for reader in readers {
        let (last, taken) = reader.join().unwrap();
        for (key, n) in last {
            let last = came.entry(key).or_insert(n);
            *last = n.max(*last);
        }
        all += taken;
    }
    assert_eq!(all, records, "each once");
    assert_eq!(came, offered, "the last of each key");
}

#[test]
fn two_writers_two_readers_room_for_4() {
    holds(1, &[Planted, SecondLook], || coalesce::<4>(2, 2, 40));
}

#[test]
fn three_writers_three_readers_room_for_8() {
    holds(2, &[Planted, SecondLook], || coalesce::<8>(3, 3, 60));
}
