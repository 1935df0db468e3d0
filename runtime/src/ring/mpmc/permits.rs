//! Slots that are promised to one sender for a run of records.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::collections::VecDeque;

use super::super::Closed;
use super::{Mpmc, Permit, Reserve};

/// Waits for up to so many slots at once: as [`Reserve`], for a run of records.
#[must_use = "futures do nothing unless polled"]
pub struct ReserveRun<'a, T: 'static, const N: usize> {
    reserve: Reserve<'a, T, N>,
    most: usize,
}

impl<'a, T: 'static, const N: usize> ReserveRun<'a, T, N> {
    pub(super) fn new(reserve: Reserve<'a, T, N>, most: usize) -> Self {
        ReserveRun { reserve, most }
    }
}

impl<'a, T: 'static, const N: usize> Future for ReserveRun<'a, T, N> {
    type Output = Result<Permits<'a, T, N>, Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let (ring, most) = (self.reserve.ring, self.most);
        // SAFETY: it is pinned with us: it never leaves this field, which has no drop but its own.
        let reserve = unsafe { self.as_ref().map_unchecked(|this| &this.reserve) };
        reserve.poll_slots(cx, most).map_ok(|slots| Permits { ring, slots })
    }
}

/// Slots that wait for records. Dropped, those that are left go to who waits next.
#[must_use = "permits that are not used are given back"]
pub struct Permits<'a, T: 'static, const N: usize> {
    ring: &'a Mpmc<T, N>,
    slots: usize,
}

impl<'a, T: 'static, const N: usize> Permits<'a, T, N> {
    /// One of them.
    pub(crate) fn take(&mut self) -> Option<Permit<'a, T, N>> {
        self.slots = self.slots.checked_sub(1)?;
        Some(Permit { ring: self.ring })
    }

    /// Pushes as many of `records`, from the first on, by one exchange: see [`try_push_all`](super::Sender::try_push_all). They stay
    /// only if the ring was closed meanwhile.
    pub(crate) fn send_all<R>(
        mut self,
        records: &mut VecDeque<R>,
        wrap: impl FnMut(R) -> T,
        accepted: impl FnOnce(usize),
    ) -> Result<(), Closed> {
        let run = self.slots.min(records.len());
        if run == 0 {
            return Ok(());
        }
        let first = self.ring.redeem(run)?;
        self.slots -= run;
        accepted(run);
        self.ring.fill_run(first, run, records, wrap);
        Ok(())
    }
}

impl<T: 'static, const N: usize> Drop for Permits<'_, T, N> {
    fn drop(&mut self) {
        if self.slots != 0 {
            self.ring.unreserve(self.slots);
        }
    }
}
