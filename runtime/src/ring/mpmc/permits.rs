//! Slots that are promised to one sender for a run of records.

use alloc::collections::VecDeque;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::super::Closed;
use super::{Mpmc, Permit, Reserve};

/// Waits for several slots: what [`Sender::reserve_many`](super::Sender::reserve_many) gives.
///
/// Those who wait are served in the order they came, as far as slots go. Dropped while it waits, slots that were meant for it go to the next.
#[must_use = "futures do nothing unless polled"]
pub struct ReserveMany<'a, T: 'static, const N: usize> {
    reserve: Reserve<'a, T, N>,
    most: usize,
}

impl<'a, T: 'static, const N: usize> ReserveMany<'a, T, N> {
    pub(super) fn new(reserve: Reserve<'a, T, N>, most: usize) -> Self {
        ReserveMany { reserve, most }
    }
}

impl<'a, T: 'static, const N: usize> Future for ReserveMany<'a, T, N> {
    type Output = Result<Permits<'a, T, N>, Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let (ring, most) = (self.reserve.ring, self.most);
        // SAFETY: it is pinned with us: it never leaves this field, which has no drop but its own.
        let reserve = unsafe { self.as_ref().map_unchecked(|this| &this.reserve) };
        reserve.poll_slots(cx, most).map_ok(|slots| Permits { ring, slots })
    }
}

/// Slots that wait for records, from [`Sender::reserve_many`](super::Sender::reserve_many). Dropped, those that are left go to who waits
/// next.
#[must_use = "permits that are not used are given back"]
pub struct Permits<'a, T: 'static, const N: usize> {
    ring: &'a Mpmc<T, N>,
    slots: usize,
}

impl<'a, T: 'static, const N: usize> Permits<'a, T, N> {
    /// How many they are.
    pub fn len(&self) -> usize {
        self.slots
    }

    /// None is left.
    pub fn is_empty(&self) -> bool {
        self.slots == 0
    }

    /// One of them.
    pub fn take(&mut self) -> Option<Permit<'a, T, N>> {
        self.slots = self.slots.checked_sub(1)?;
        Some(Permit { ring: self.ring })
    }

    /// Fills them with the first of `records`, by one exchange. They stay in the queue only if the ring was closed meanwhile.
    pub fn send_all(self, records: &mut VecDeque<T>) -> Result<(), Closed> {
        self.send_run(records, |record| record, |_| {})
    }

    /// The same; for `wrap` and `accepted` see [`try_push_run`](super::Sender::try_push_run).
    pub(crate) fn send_run<R>(
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

impl<T: 'static, const N: usize> core::fmt::Debug for ReserveMany<'_, T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("ReserveMany")
            .field("most", &self.most)
            .finish_non_exhaustive()
    }
}

impl<T: 'static, const N: usize> core::fmt::Debug for Permits<'_, T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Permits").field("slots", &self.slots).finish_non_exhaustive()
    }
}
