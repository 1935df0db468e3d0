//! Records on their way into claimed positions.

#[cfg(feature = "alloc")]
use alloc::collections::VecDeque;

use super::Mpmc;

impl<T, const N: usize> Mpmc<T, N> {
    /// Fills the claimed position `at`. `accepted` runs when nothing can go wrong any more, and before any receiver sees the
    /// record. Wakes a receiver if `now`.
    #[inline(always)]
    pub(super) fn fill(&self, at: usize, record: T, now: bool, accepted: impl FnOnce()) {
        /// Shows the record, even if `accepted` panics: the position is claimed, and those behind it wait for it.
        struct Show<'a, T, const N: usize>(&'a Mpmc<T, N>, usize, bool);
        impl<T, const N: usize> Drop for Show<'_, T, N> {
            #[inline(always)]
            fn drop(&mut self) {
                let Show(ring, at, now) = *self;
                ring.show(at, 1);
                if now {
                    ring.shown(1);
                }
            }
        }
        // SAFETY: the position was claimed by us alone, and its slot was seen empty: the claim is ours until the stamp says
        // full.
        unsafe { self.slot(at).record.write(0, record) };
        let show = Show(self, at, now);
        accepted();
        drop(show);
    }

    /// Fills the `run` claimed positions from `first` on with the first of `records`, and wakes receivers.
    #[cfg(feature = "alloc")]
    #[inline(always)]
    pub(super) fn fill_run<R>(&self, first: usize, run: usize, records: &mut VecDeque<R>, mut wrap: impl FnMut(R) -> T) {
        let mut at = first;
        take_first(records, run, |record| {
            // SAFETY: as in `fill`.
            unsafe { self.slot(at).record.write(0, wrap(record)) };
            at = at.wrapping_add(1);
        });
        self.show(first, run);
        self.shown(run);
    }

    /// The records of `run` positions from `at` on are in: receivers may see them.
    #[inline(always)]
    pub(super) fn show(&self, at: usize, run: usize) {
        if self.is_sole() {
            self.show_run(at, run)
        } else {
            self.show_laps(at, run)
        }
    }
}

/// Takes the first `run` records out. `take` must not panic.
#[cfg(feature = "alloc")]
#[inline(always)]
fn take_first<R>(records: &mut VecDeque<R>, run: usize, mut take: impl FnMut(R)) {
    if core::mem::needs_drop::<R>() {
        return records.drain(..run).for_each(take);
    }
    // Slices are read twice as fast as a queue is drained.
    let (front, back) = records.as_slices();
    let in_front = run.min(front.len());
    for part in [&front[..in_front], &back[..run - in_front]] {
        for record in part {
            // SAFETY: this moves it out: the queue loses it below, before anybody can look at it there, since `take` does not panic,
            // and without a drop, since it has none.
            take(unsafe { core::ptr::read(record) });
        }
    }
    records.drain(..run);
}
