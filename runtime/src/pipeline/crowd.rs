//! A counter that any thread adds to, nearly always without a read-modify-write.
//!
//! Threads have numbers, the lowest that are free; a thread with a number has a line of its own in every such counter, and adds to
//! it with a load and a store. It comes to a line as its last owner left it, since a number is given back with Release and taken
//! with Acquire.

use core::marker::PhantomData;

use super::counters::{Count, Counter, SharedCount};
use crate::ring::sync::Ordering::{Acquire, Relaxed, Release};
use crate::ring::sync::{AtomicU64, const_new};

/// So many threads at a time have a line of their own; the others share one.
const LINES: usize = 16;

/// A counter with many writers, of whom most have a line of their own. Large: for what is counted a record.
#[derive(Debug, Default)]
pub struct CrowdCount {
    own: [Own; LINES],
    rest: SharedCount,
}

#[derive(Debug, Default)]
#[repr(align(128))]
struct Own(Count);

/// What this thread adds to: its own line, or the one that is shared. It stays on the thread, and is not kept: a thread that ends gives
/// its line to another.
#[derive(Clone, Copy)]
pub(crate) struct Hand<'a> {
    own: Option<&'a Count>,
    rest: &'a SharedCount,
    here: PhantomData<*const ()>,
}

impl Hand<'_> {
    /// Adds `n`. It does not panic: who calls it in the middle of something need not guard against that.
    #[inline(always)]
    pub(crate) fn add(self, n: u64) {
        match self.own {
            Some(own) => own.add(n),
            None => self.rest.add(n),
        }
    }
}

impl CrowdCount {
    /// What this thread adds to.
    #[inline(always)]
    pub(crate) fn hand(&self) -> Hand<'_> {
        match self.hand_of(number::at_hand()) {
            Hand { own: None, .. } => self.hand_of(number::of_this_thread()),
            hand => hand,
        }
    }

    /// What the thread with this number adds to.
    #[inline(always)]
    fn hand_of(&self, number: usize) -> Hand<'_> {
        Hand {
            own: self.own.get(number).map(|own| &own.0),
            rest: &self.rest,
            here: PhantomData,
        }
    }
}

impl Counter for CrowdCount {
    #[inline]
    fn add(&self, n: u64) {
        self.hand().add(n);
    }

    #[inline]
    fn sub(&self, n: u64) {
        // A line may go below zero: only their sum means something.
        self.hand().add(n.wrapping_neg());
    }

    fn get(&self) -> u64 {
        let own = self.own.iter().map(|own| own.0.get());
        own.fold(self.rest.get(), u64::wrapping_add)
    }
}

/// Which numbers are taken: a bit for each.
#[cfg_attr(
    any(forebay_loom, forebay_shuttle),
    allow(dead_code, reason = "the checkers pass numbers by hand")
)]
struct Numbers(AtomicU64);

#[cfg_attr(any(forebay_loom, forebay_shuttle), allow(dead_code, reason = "as above"))]
impl Numbers {
    const_new! {
        fn new() -> Self {
            Numbers(AtomicU64::new(0))
        }
    }

    /// Takes the lowest that is free; `None` when there is no line for it.
    fn take(&self) -> Option<usize> {
        let mut taken = self.0.load(Relaxed);
        loop {
            let free = taken.trailing_ones() as usize;
            if free >= LINES {
                return None;
            }
            match self.0.compare_exchange_weak(taken, taken | 1 << free, Acquire, Relaxed) {
                Ok(_) => return Some(free),
                Err(now) => taken = now,
            }
        }
    }

    fn give_back(&self, number: usize) {
        self.0.fetch_sub(1 << number, Release);
    }
}

#[cfg(not(any(forebay_loom, forebay_shuttle)))]
mod number {
    use std::cell::Cell;

    use super::{LINES, Numbers};

    static NUMBERS: Numbers = Numbers::new();

    /// This thread has not asked for a number yet.
    const UNASKED: usize = usize::MAX;
    /// It has none: too many have one, or it is at its end.
    const NONE: usize = LINES;

    thread_local! {
        /// Without a drop of its own, so that a look at it is a load.
        static NUMBER: Cell<usize> = const { Cell::new(UNASKED) };
        static LEASE: Lease = const { Lease(Cell::new(None)) };
    }

    /// Gives the number of a thread back when the thread ends.
    struct Lease(Cell<Option<usize>>);

    impl Drop for Lease {
        fn drop(&mut self) {
            NUMBER.set(NONE);
            if let Some(number) = self.0.take() {
                NUMBERS.give_back(number);
            }
        }
    }

    /// The number of this thread if it has one, or something that is none.
    #[inline(always)]
    pub(super) fn at_hand() -> usize {
        NUMBER.get()
    }

    /// The number of this thread; it takes one if it has not asked before.
    #[cold]
    pub(super) fn of_this_thread() -> usize {
        if NUMBER.get() == UNASKED {
            // None where it is too late to give it back.
            let leased = LEASE.try_with(|lease| {
                lease.0.set(NUMBERS.take());
                lease.0.get()
            });
            NUMBER.set(leased.ok().flatten().unwrap_or(NONE));
        }
        NUMBER.get()
    }
}

/// The checkers have no statics; what follows from numbers has a model of its own.
#[cfg(any(forebay_loom, forebay_shuttle))]
mod number {
    pub(super) fn at_hand() -> usize {
        super::LINES
    }
    pub(super) use at_hand as of_this_thread;
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    /// More threads than lines, one after the other and at the same time.
    #[test]
    fn no_count_is_lost_when_threads_come_and_go() {
        let (count, each) = (CrowdCount::default(), if cfg!(miri) { 20 } else { 10_000 });
        for _ in 0..3 {
            thread::scope(|scope| {
                for _ in 0..LINES + 4 {
                    scope.spawn(|| {
                        for _ in 0..each {
                            count.add(3);
                            count.sub(1);
                        }
                    });
                }
            });
        }
        assert_eq!(count.get(), 3 * (LINES as u64 + 4) * each * 2);
    }

    #[test]
    fn a_number_is_nobody_elses_until_it_is_given_back() {
        let numbers = Numbers::new();
        let all: Vec<_> = (0..LINES).map(|_| numbers.take()).collect();
        assert_eq!(all, (0..LINES).map(Some).collect::<Vec<_>>());
        assert_eq!(numbers.take(), None);
        numbers.give_back(3);
        assert_eq!((numbers.take(), numbers.take()), (Some(3), None));
    }
}

#[cfg(all(test, forebay_loom))]
mod model {
    use std::sync::Arc;

    use loom::thread::spawn;

    use super::*;
    use crate::ring::model::holds;

    /// Two threads that have the same number, one after the other, or numbers of their own: all is counted.
    #[test]
    fn a_line_is_handed_over_as_it_was_left() {
        let twins = ["exchange pipeline/crowd.rs"];
        holds(3, 20, &twins, || {
            let shared = Arc::new((Numbers::new(), CrowdCount::default()));
            let adds = |shared: Arc<(Numbers, CrowdCount)>| {
                let (numbers, count) = &*shared;
                let number = numbers.take().expect("there are more");
                count.hand_of(number).add(1);
                numbers.give_back(number);
            };
            let (one, two) = (shared.clone(), shared.clone());
            let one = spawn(move || adds(one));
            let two = spawn(move || adds(two));
            one.join().unwrap();
            two.join().unwrap();
            assert_eq!(shared.1.get(), 2);
        });
    }
}
