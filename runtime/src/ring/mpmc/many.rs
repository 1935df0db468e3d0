//! Runs of records: one claim for all of them.

use alloc::collections::VecDeque;

use super::super::PushError;
use super::claim::Claim;
use super::{Refused, ReserveMany, Sender, SendingAll};

impl<T: 'static, const N: usize> Sender<T, N> {
    /// Pushes as many of `records`, from the first on, as there is room for now; says how many. The others stay in `records`.
    ///
    /// One claim and one look for sleepers for all of them. `Full` where there is room for none.
    pub fn try_push_all(&self, records: &mut VecDeque<T>) -> Result<usize, PushError<()>> {
        if records.is_empty() {
            return Ok(0);
        }
        self.try_push_run(records, |record| record, |_| {})
    }

    /// The same; `accepted` is told how many once they are in for sure, and before a receiver sees one.
    ///
    /// `wrap` and `accepted` must not panic: the positions are claimed.
    pub(crate) fn try_push_run<R>(
        &self,
        records: &mut VecDeque<R>,
        wrap: impl FnMut(R) -> T,
        accepted: impl FnOnce(usize),
    ) -> Result<usize, PushError<()>> {
        if self.left {
            return Err(PushError::Closed(()));
        }
        match self.ring.claim_run(Claim::<N>::ONE_PUSHED, records.len()) {
            Ok((at, run)) => {
                accepted(run);
                self.ring.fill_run(at, run, records, wrap);
                Ok(run)
            }
            Err(Refused::Full) => Err(PushError::Full(())),
            Err(Refused::Closed) => Err(PushError::Closed(())),
        }
    }

    /// Pushes all of `records` in their order, a run at a time, waiting for room. `Err(Closed)`: the ring has closed; what was not pushed by
    /// then, or before this is dropped, is still in `records`.
    pub fn send_all<'r>(&self, records: &'r mut VecDeque<T>) -> SendingAll<'_, 'r, T, N> {
        self.tell();
        SendingAll::new(self, records)
    }

    /// Waits for slots, as many as are free and `most` at most, but one at least, and keeps them for a run of records:
    /// `Ok(`[`Permits`](super::Permits)`)`, or `Err(Closed)`.
    pub fn reserve_many(&self, most: usize) -> ReserveMany<'_, T, N> {
        ReserveMany::new(self.reserve(), most.max(1))
    }
}
