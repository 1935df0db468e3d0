//! What only the ring does whose records every reader sees.

use crate::tools::*;
use forebay::ring::broadcast::{Broadcast, Subscriber, split, subscribe};
use forebay::ring::{Reader, Writer};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Poll, Waker};
use std::thread::scope;

fn pops<T: Clone, const N: usize>(r: &mut Subscriber<T, N>) -> Vec<T> {
    std::iter::from_fn(|| r.pop()).collect()
}

#[test]
fn every_reader_sees_every_record() {
    static RING: Broadcast<u32, 8> = Broadcast::new();
    let (mut w, mut a) = split(&RING).unwrap();
    assert!(split(&RING).is_none(), "there is one producer");
    let mut b = a.clone();
    w.push(1).unwrap();
    w.publish();
    let mut late = subscribe(&RING);
    let mut later = w.subscribe();
    w.push(2).unwrap();
    w.publish();
    assert_eq!(w.subscribers(), 4);
    assert_eq!(
        (pops(&mut a), pops(&mut b), pops(&mut late), pops(&mut later)),
        (vec![1, 2], vec![1, 2], vec![2], vec![2])
    );
    // A clone goes on from where the other is.
    w.push(3).unwrap();
    w.push(4).unwrap();
    w.publish();
    assert_eq!(a.pop(), Some(3));
    assert_eq!(pops(&mut a.clone()), [4]);
    drop((b, late, later));
    assert_eq!(w.subscribers(), 1);
    w.close();
    assert_eq!(pops(&mut a), [4]);
    assert!(a.is_ended() && subscribe(&RING).is_ended());
}

/// A reader sleeps through `lag` records: it is told exactly how many it lost, and has the others in order.
fn sleeps_through<const N: usize>(before: usize, ahead: usize, lag: usize) {
    let (mut w, mut r) = split(Broadcast::<usize, N>::boxed_before_wrap(before)).unwrap();
    let block = (N / 16).max(1);
    for i in 0..ahead {
        w.push(i).unwrap();
        w.publish();
        assert_eq!(r.pop(), Some(i));
    }
    r.release();
    (ahead..ahead + lag).for_each(|i| w.push(i).unwrap());
    w.publish();
    let all = pops(&mut r);
    let lost = r.take_lost();
    assert_eq!(r.take_lost(), 0, "told once");
    assert_eq!(all.len() + lost as usize, lag);
    assert_eq!(all, (ahead + lost as usize..ahead + lag).collect::<Vec<_>>());
    assert_eq!(Reader::popped(&r), ahead + all.len());
    assert!(all.len() <= N && all.len() + block > lag.min(N), "{lag}: {}", all.len());
    if lag <= N - block + 1 {
        assert_eq!(lost, 0);
    }
}

#[test]
fn a_slow_reader_is_told_exactly_how_many_it_lost() {
    if cfg!(miri) {
        sleeps_through::<2>(5, 1, 40);
        sleeps_through::<32>(5, 1, 40);
        return;
    }
    for before in [0, 1, 7, 30, 100] {
        for ahead in [0, 1, 3, 8] {
            for lag in [
                1, 2, 3, 4, 5, 8, 9, 15, 16, 17, 31, 32, 33, 61, 64, 65, 100, 127, 128, 129, 300,
            ] {
                sleeps_through::<1>(before, ahead, lag);
                sleeps_through::<2>(before, ahead, lag);
                sleeps_through::<8>(before, ahead, lag);
                sleeps_through::<16>(before, ahead, lag);
                sleeps_through::<64>(before, ahead, lag);
                sleeps_through::<128>(before, ahead, lag);
            }
        }
    }
}

#[test]
fn what_is_lost_before_the_end_is_told_too() {
    let (mut w, r) = split(Broadcast::<usize, 4>::boxed()).unwrap();
    let (mut a, mut b) = (r.clone(), r);
    (0..10).for_each(|i| w.push(i).unwrap());
    drop(w);
    assert!(!a.is_ended());
    assert_eq!(ready(&mut a, Waker::noop()), Poll::Ready(1));
    assert_eq!((pops(&mut a), a.take_lost()), (vec![6, 7, 8, 9], 6));
    assert_eq!(ready(&mut a, Waker::noop()), Poll::Ready(0));
    b.close();
    assert_eq!((pops(&mut b), b.take_lost()), (vec![6, 7, 8, 9], 6));
    assert!(a.is_ended() && b.is_ended());
}

#[test]
fn who_leaves_reads_what_was_there_and_no_more() {
    let (mut w, mut r) = split(Broadcast::<usize, 4>::boxed()).unwrap();
    w.push(1).unwrap();
    w.push(2).unwrap();
    w.publish();
    r.close();
    r.close();
    assert_eq!(w.subscribers(), 0);
    w.push(3).unwrap();
    w.publish();
    assert_eq!(pops(&mut r), [1, 2]);
    assert_eq!(ready(&mut r, Waker::noop()), Poll::Ready(0));
    assert_eq!(pops(&mut r.clone()), [0; 0]);
    // Nobody listens: it goes on all the same, and a new reader may come.
    assert!(!Writer::is_closed(&w));
    assert_eq!(w.room(), 4);
    (4..40).for_each(|i| w.push(i).unwrap());
    w.publish();
    let mut new = w.subscribe();
    assert_eq!(new.pop(), None);
    w.push(40).unwrap();
    w.publish();
    assert_eq!((pops(&mut new), new.take_lost()), (vec![40], 0));
}

#[test]
fn a_pinned_block_is_passed_over() {
    let (mut w, mut held) = split(Broadcast::<usize, 32>::boxed()).unwrap();
    let mut other = held.clone();
    (0..5).for_each(|i| w.push(i).unwrap());
    w.publish();
    // `held` has pinned the block of 0 and 1.
    assert_eq!(held.pop(), Some(0));
    (5..100).for_each(|i| w.push(i).unwrap());
    w.publish();
    assert_eq!(held.pop(), Some(1), "pinned, so it is still there");
    let seen = pops(&mut other);
    assert_eq!(seen, (100 - seen.len()..100).collect::<Vec<_>>());
    assert!(seen.len() >= 28, "only a block is missing: {}", seen.len());
    assert_eq!(other.take_lost() as usize, 100 - seen.len());
    assert_eq!(pops(&mut held).last(), Some(&99));
    // It is of use again.
    (100..200).for_each(|i| w.push(i).unwrap());
    w.publish();
    assert!(pops(&mut held).len() >= 30);
}

#[test]
fn where_all_blocks_are_pinned_the_newest_is_lost() {
    fn go<const N: usize>() {
        let alive = Alive::default();
        let block = (N / 16).max(1);
        let (mut w, r) = split(Broadcast::<(usize, One), N>::boxed()).unwrap();
        let mut readers = vec![];
        for i in 0..16 * block {
            w.push((i, alive.one())).unwrap();
            w.publish();
            if i % block == 0 {
                let mut one = r.clone();
                one.cursor_to_last();
                readers.push((i, one));
            }
        }
        let mut late = w.subscribe();
        for (i, one) in &mut readers {
            assert_eq!(one.pop().map(|x| x.0), Some(*i));
        }
        // One that goes lets one block go: it is missed for the rest of the block in which that was too late.
        w.push((1000, alive.one())).unwrap();
        w.publish();
        assert_eq!(late.pop().map(|x| x.0), None);
        assert_eq!(late.take_lost(), 1);
        drop(readers);
        for i in 0..3 * block {
            w.push((2000 + i, alive.one())).unwrap();
        }
        w.publish();
        let seen: Vec<_> = pops(&mut late).into_iter().map(|x| x.0).collect();
        assert_eq!(late.take_lost() as usize, block - 1);
        assert_eq!(seen, (2000 + block - 1..2000 + 3 * block).collect::<Vec<_>>());
        drop((w, late, r));
        assert_eq!(alive.get(), 0);
    }
    go::<16>();
    go::<64>();
}

trait Last {
    fn cursor_to_last(&mut self);
}
impl<T: Clone, const N: usize> Last for Subscriber<T, N> {
    /// Reads on to the last record, and no further.
    fn cursor_to_last(&mut self) {
        while self.len() > 1 {
            self.pop();
        }
        self.release();
    }
}

struct Touchy(One, bool);
impl Clone for Touchy {
    fn clone(&self) -> Self {
        assert!(!self.1, "bang");
        Touchy(self.0.clone(), false)
    }
}

#[test]
fn a_clone_that_panics_costs_that_record() {
    let alive = Alive::default();
    let (mut w, mut r) = split(Broadcast::<Touchy, 4>::boxed()).unwrap();
    for i in 0..4 {
        assert!(w.push(Touchy(alive.one(), i == 1)).is_ok());
    }
    w.publish();
    assert!(r.pop().is_some());
    assert!(catch_unwind(AssertUnwindSafe(|| r.pop().is_some())).is_err());
    assert_eq!(pops(&mut r).len(), 2);
    assert_eq!(Reader::popped(&r), 4);
    drop((w, r));
    assert_eq!(alive.get(), 0);
}

#[test]
#[cfg_attr(miri, ignore = "takes minutes")]
fn too_many_readers_are_refused() {
    let (w, r) = split(Broadcast::<u8, 1>::boxed()).unwrap();
    let most = if cfg!(target_pointer_width = "64") { 65_535 } else { 255 };
    let mut all: Vec<_> = (1..most).map(|_| w.subscribe()).collect();
    assert!(catch_unwind(AssertUnwindSafe(|| r.clone())).is_err());
    all.pop();
    drop(r.clone());
}

/// A record whose parts would not agree if it were read while it is written.
#[derive(Clone, Debug)]
struct Whole(usize, Box<usize>, [usize; 6]);
impl Whole {
    fn new(i: usize) -> Self {
        Whole(i, Box::new(i), [i; 6])
    }
    fn get(&self) -> usize {
        assert!(*self.1 == self.0 && self.2 == [self.0; 6], "torn: {self:?}");
        self.0
    }
}

/// Readers on threads of their own, fast ones and slow ones: what each has seen and what it was told that it lost is all.
fn nothing_is_torn<const N: usize>(readers: usize, batch: usize) {
    let (mut w, first) = split(Broadcast::<Whole, N>::boxed_before_wrap(MANY / 2)).unwrap();
    let seen = AtomicUsize::new(0);
    scope(|s| {
        for speed in 0..readers {
            let (mut r, seen) = (first.clone(), &seen);
            s.spawn(move || {
                let (mut next, mut popped, mut lost) = (0, 0, 0);
                while wait_ready(&mut r) != 0 {
                    while let Some(record) = r.pop() {
                        let gap = r.take_lost() as usize;
                        assert_eq!(record.get(), next + gap, "what is missing is what was lost");
                        next = record.get() + 1;
                        lost += gap;
                        popped += 1;
                        if speed == 1 {
                            std::thread::yield_now();
                        }
                    }
                    r.release();
                }
                assert_eq!(popped + lost + r.take_lost() as usize, MANY);
                seen.fetch_add(popped, SeqCst);
            });
        }
        drop(first);
        for i in 0..MANY {
            w.push(Whole::new(i)).unwrap();
            if i % batch == 0 {
                w.publish();
                if i % 1024 == 0 {
                    std::thread::yield_now();
                }
            }
        }
        drop(w);
    });
    assert!(seen.into_inner() >= readers, "the last record at least");
}

#[test]
fn nothing_is_torn_whoever_is_slow() {
    nothing_is_torn::<1>(2, 1);
    nothing_is_torn::<2>(3, 1);
    nothing_is_torn::<16>(2, 3);
    nothing_is_torn::<64>(3, 7);
    nothing_is_torn::<1024>(3, 64);
}

/// A word counts the pins of a block: more than it can count would look like none, and the record would be overwritten under its
/// reader. So readers that have left count too, as long as they may pin.
#[test]
#[cfg_attr(miri, ignore = "too many readers")]
fn no_more_readers_than_a_block_counts() {
    let (mut w, mut r) = split(Broadcast::<usize, 32>::boxed()).unwrap();
    w.push(0).unwrap();
    w.push(1).unwrap();
    w.publish();
    assert_eq!(r.pop(), Some(0));
    let mut left = r.clone();
    left.close();
    let mut pinned = Vec::new();
    let most = 1 << (usize::BITS / 4);
    let refused = catch_unwind(AssertUnwindSafe(|| {
        while pinned.len() < most {
            let mut other = left.clone();
            assert_eq!(other.pop(), Some(1));
            pinned.push(other);
        }
    }));
    for i in 2..100 {
        w.push(i).unwrap();
    }
    w.publish();
    assert_eq!(r.pop(), Some(1), "its block is pinned");
    assert!(refused.is_err(), "there were {} readers", pinned.len());
}
