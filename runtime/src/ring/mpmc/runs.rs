//! How slots change hands where one receiver takes records out: by runs, in each direction.
//!
//! A sender writes all the records of its claim, then their number into the first one's stamp: the rest of the run needs none. The
//! receiver clears that stamp, takes the run out, and gives slots back by a store of the head, one for as many as it likes. All
//! stamps are zero but those of runs that it has not come to, so nobody counts laps.
//!
//! When the receiver has left the ring is closed, so no slot is used again, and any end may take out what is left, by exchanges
//! on the head.

use super::super::sync::Ordering::*;
use super::Mpmc;
use super::claim::Claim;

impl<T, const N: usize> Mpmc<T, N> {
    /// Makes the slots of a ring that nobody has used ready, where the first position is `start`.
    pub(super) fn no_runs(&self, start: usize) {
        // Those of a new one are; this leaves its memory untouched.
        if start != 0 {
            self.slots.iter().for_each(|slot| slot.stamp.store(0, Relaxed));
        }
    }

    /// See [`free`](Mpmc::free).
    #[inline(always)]
    pub(super) fn free_by_head(&self, end: usize, most: usize) -> usize {
        // Acquire: what the receiver did with the slots came before it gave them back. Others may have claimed since `end` was
        // seen, so the head may be past it.
        let taken = Claim::<N>::distance(self.head.0.load(Acquire), end);
        N.saturating_sub(taken).min(most)
    }

    /// See [`show`](Mpmc::show).
    #[inline(always)]
    pub(super) fn show_run(&self, at: usize, run: usize) {
        self.slot(at).stamp.store(run, Release);
    }

    /// The run that begins at `at`, where the receiver is: its length, or 0 when it is not there yet. It is seen once.
    #[inline(always)]
    pub(super) fn next_run(&self, at: usize) -> usize {
        let stamp = &self.slot(at).stamp;
        let run = stamp.load(Acquire);
        if run != 0 {
            // Cleared before the slot is given back, so whoever claims it next finds no run in it.
            stamp.store(0, Relaxed);
        }
        run
    }

    /// The receiver leaves at `at`, with `left` records of a run to come: puts things as if they were a run of their own.
    pub(super) fn leave_at(&self, at: usize, left: usize) {
        if left != 0 {
            self.slot(at).stamp.store(left, Relaxed);
        }
        self.head.0.store(at, Release);
    }

    /// How many records are left and in, after the receiver has left. Others may take them.
    pub(super) fn left(&self) -> usize {
        let (mut at, end, mut left) = (self.head.0.load(Acquire), self.look().tail(), 0);
        while at != end && left < N {
            match self.slot(at).stamp.load(Relaxed) {
                0 => break,
                run => {
                    left += run;
                    at = at.wrapping_add(run) & Claim::<N>::POSITIONS;
                }
            }
        }
        left
    }

    /// Takes the oldest record out, after the receiver has left. Any end may, at the same time.
    pub(super) fn take_left(&self) -> Option<T> {
        // SAFETY: it was claimed, for us alone.
        self.claim_left().map(|at| unsafe { self.slot(at).record.read(0) })
    }

    /// Claims the oldest record, after the receiver has left: where it is. It is in, and nobody else's.
    pub(super) fn claim_left(&self) -> Option<usize> {
        let mut at = self.head.0.load(Acquire);
        // The ring is closed, so this is the end. Without it stamps that nobody has cleared would be seen again, a lap later.
        let end = self.look().tail();
        while at != end {
            let run = self.slot(at).stamp.load(Acquire);
            if run == 0 {
                let now = self.head.0.load(Acquire);
                if now == at {
                    return None;
                }
                at = now;
                continue;
            }
            let next = Claim::<N>::after(at);
            if run > 1 {
                // Before the head goes there. Who comes second stores the same, or too late into a slot that nobody looks at:
                // the ring is closed, so no position beyond the end of this lap will be used.
                self.slot(next).stamp.store(run - 1, Release);
            }
            match self.head.0.compare_exchange_weak(at, next, AcqRel, Acquire) {
                // It is in, since the stamp that says so, or that of its run's start, was stored after it, and was seen with
                // Acquire, by us or by who stored ours; by the exchange nobody else takes it, and no sender claims its slot,
                // since the ring is closed.
                Ok(_) => return Some(at),
                Err(now) => at = now,
            }
        }
        None
    }
}
