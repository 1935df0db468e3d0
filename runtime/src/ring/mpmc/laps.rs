//! How slots change hands where any number of receivers take records out.
//!
//! The stamp of a slot says which lap it is in, and whether it is full (after Dmitry Vyukov's bounded queue, with the lap counted
//! from zero). A receiver claims a position by an exchange on the head, and the slot is free when it has stamped it.

use super::super::sync::Ordering::*;
use super::Mpmc;
use super::claim::Claim;

impl<T, const N: usize> Mpmc<T, N> {
    /// Makes the slots ready for the positions from `start` on.
    #[cfg(feature = "alloc")]
    pub(super) fn stamp_empty(&self, start: usize) {
        let mut at = start;
        for _ in 0..N {
            self.slot(at).stamp.store(Claim::<N>::empty(at), Relaxed);
            at = Claim::<N>::after(at);
        }
    }

    /// See [`free`](Mpmc::free).
    ///
    /// Stamps are counted, since the distance to the head says more than is true while receivers are between a claim and a
    /// stamp. The lines that this touches are those that the pushes need.
    #[inline(always)]
    pub(super) fn free_by_laps(&self, end: usize, most: usize) -> usize {
        let (mut at, mut free) = (end, 0);
        while free < most.min(N) && self.slot(at).stamp.load(Acquire) == Claim::<N>::empty(at) {
            at = Claim::<N>::after(at);
            free += 1;
        }
        free
    }

    /// See [`show`](Mpmc::show).
    #[inline(always)]
    pub(super) fn show_laps(&self, mut at: usize, run: usize) {
        for _ in 0..run {
            self.slot(at).stamp.store(Claim::<N>::full(at), Release);
            at = Claim::<N>::after(at);
        }
    }

    /// See [`take`](Mpmc::take).
    #[inline(always)]
    pub(super) fn take_by_lap(&self) -> Option<T> {
        let mut at = self.head.0.load(Relaxed);
        loop {
            let slot = self.slot(at);
            if slot.stamp.load(Acquire) == Claim::<N>::full(at) {
                match self.head.0.compare_exchange_weak(at, Claim::<N>::after(at), AcqRel, Acquire) {
                    Ok(_) => {
                        // SAFETY: the record of `at` is in, which we saw with Acquire, and by the exchange nobody else takes
                        // it; no sender comes near until the stamp says taken.
                        let record = unsafe { slot.record.read(0) };
                        slot.stamp.store(Claim::<N>::taken(at), Release);
                        return Some(record);
                    }
                    Err(now) => at = now,
                }
            } else {
                let now = self.head.0.load(Acquire);
                if now == at {
                    return None;
                }
                at = now;
            }
        }
    }

    /// How many records can be taken out, up to `most`; exact as long as nobody else takes any.
    #[inline]
    pub(super) fn ready(&self, most: usize) -> usize {
        let mut head = self.head.0.load(Acquire);
        loop {
            let (mut at, mut ready) = (head, 0);
            while ready < most.min(N) && self.slot(at).stamp.load(Acquire) == Claim::<N>::full(at) {
                at = Claim::<N>::after(at);
                ready += 1;
            }
            let now = self.head.0.load(Acquire);
            if ready != 0 || now == head {
                return ready;
            }
            head = now;
        }
    }
}
