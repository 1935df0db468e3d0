//! Slots that are promised to one sender.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::super::sync::const_new;
use super::super::waiters::{Seat, Sleep};
use super::super::{Closed, PushError};
use super::Mpmc;
use super::claim::Claim;

/// A place in the queue of those who wait for slots.
pub(super) struct Turn(Seat);

impl Turn {
    const_new! {
        pub(super) fn new() -> Self {
            Turn(Seat::new())
        }
    }

    /// Not in the queue: what can be had at once may be taken.
    pub(super) fn is_new(&self) -> bool {
        self.0.sleep() == Sleep::None
    }

    /// Waits until slots are reserved, up to `most`; says how many.
    ///
    /// # Safety
    /// The turn stays where it is until [`leave`](Self::leave), which comes before its end; always the same ring.
    pub(super) unsafe fn poll<T, const N: usize>(
        &self,
        ring: &Mpmc<T, N>,
        cx: &mut Context<'_>,
        most: usize,
    ) -> Poll<Result<usize, Closed>> {
        // SAFETY: it stays and leaves, as the caller promises.
        let mut sleep = unsafe { ring.sending.0.enlist(&self.0, cx.waker(), most) };
        if sleep == Sleep::Enlisted {
            // Enlisted, so slots that are free from now on are for who comes first; look whether there are any already.
            if ring.room() != 0 {
                ring.grant();
            }
            if !ring.is_closed() && self.0.sleep() == Sleep::Enlisted {
                return Poll::Pending;
            }
            // SAFETY: the seat is used with this list only.
            sleep = unsafe { ring.sending.0.leave(&self.0) };
        }
        // Called means that slots are reserved, or that the ring was closed; then reservations mean nothing.
        Poll::Ready(match sleep {
            Sleep::Called(slots) if !ring.is_closed() => Ok(slots),
            _ => Err(Closed),
        })
    }

    /// Goes; slots that were promised meanwhile are given back, and go to the next.
    pub(super) fn leave<T, const N: usize>(&self, ring: &Mpmc<T, N>) {
        // SAFETY: the seat is used with this list only.
        if let Sleep::Called(slots) = unsafe { ring.sending.0.leave(&self.0) } {
            ring.unreserve(slots);
        }
    }
}

/// Waits for a slot to be reserved: what [`Sender::reserve`](super::Sender::reserve) gives.
///
/// Dropped while it waits, it gives up its turn, and nothing else happens.
#[must_use = "futures do nothing unless polled"]
pub struct Reserve<'a, T: 'static, const N: usize> {
    pub(super) ring: &'a Mpmc<T, N>,
    /// The sender has left.
    left: bool,
    turn: Turn,
}

impl<'a, T: 'static, const N: usize> Reserve<'a, T, N> {
    pub(super) fn new(ring: &'a Mpmc<T, N>, left: bool) -> Self {
        Reserve {
            ring,
            left,
            turn: Turn::new(),
        }
    }
}

impl<'a, T: 'static, const N: usize> Reserve<'a, T, N> {
    /// Up to `most` slots are reserved; how many.
    pub(super) fn poll_slots(self: Pin<&Self>, cx: &mut Context<'_>, most: usize) -> Poll<Result<usize, Closed>> {
        let ring = self.ring;
        if self.left {
            return Poll::Ready(Err(Closed));
        }
        // What is free goes first to those who wait already.
        if self.turn.is_new() && !ring.sending.0.is_waiting() {
            let slots = ring.reserve(most);
            if slots != 0 {
                return Poll::Ready(Ok(slots));
            }
        }
        // SAFETY: we are pinned and leave on drop; the ring is the same always.
        unsafe { self.turn.poll(ring, cx, most) }
    }
}

impl<'a, T: 'static, const N: usize> Future for Reserve<'a, T, N> {
    type Output = Result<Permit<'a, T, N>, Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let ring = self.ring;
        self.as_ref().poll_slots(cx, 1).map_ok(|_one| Permit { ring })
    }
}

impl<T: 'static, const N: usize> Drop for Reserve<'_, T, N> {
    fn drop(&mut self) {
        self.turn.leave(self.ring);
    }
}

impl<T: 'static, const N: usize> core::fmt::Debug for Reserve<'_, T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Reserve").finish_non_exhaustive()
    }
}

/// A slot that waits for a record. Dropped, it goes to who waits next.
#[must_use = "a permit that is not used is given back"]
pub struct Permit<'a, T: 'static, const N: usize> {
    pub(super) ring: &'a Mpmc<T, N>,
}

impl<'a, T: 'static, const N: usize> Permit<'a, T, N> {
    /// One of the slots that are free, if the ring is neither full nor closed.
    pub(super) fn claim(ring: &'a Mpmc<T, N>) -> Result<Self, super::Refused> {
        ring.claim(Claim::<N>::ONE_RESERVED).map(|_| Permit { ring })
    }

    /// Pushes the record. It never waits; it comes back only if the ring was closed meanwhile.
    pub fn send(self, record: T) -> Result<(), PushError<T>> {
        self.send_with(record, || {})
    }

    /// The same; `accepted` runs once the record is in for sure, and before a receiver sees it.
    pub fn send_with(self, record: T, accepted: impl FnOnce()) -> Result<(), PushError<T>> {
        self.redeem(record, true, accepted)
    }

    #[cfg(feature = "std")]
    /// The same, and wakes nobody: see [`Sender::tell_of_one`](super::Sender).
    pub(crate) fn send_quietly(self, record: T, accepted: impl FnOnce()) -> Result<(), PushError<T>> {
        self.redeem(record, false, accepted)
    }

    #[inline]
    fn redeem(self, record: T, now: bool, accepted: impl FnOnce()) -> Result<(), PushError<T>> {
        let ring = self.ring;
        core::mem::forget(self);
        match ring.redeem(1) {
            Ok(at) => {
                ring.fill(at, record, now, accepted);
                Ok(())
            }
            Err(Closed) => Err(PushError::Closed(record)),
        }
    }
}

impl<T: 'static, const N: usize> Drop for Permit<'_, T, N> {
    fn drop(&mut self) {
        self.ring.unreserve(1);
    }
}

impl<T: 'static, const N: usize> core::fmt::Debug for Permit<'_, T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Permit").finish_non_exhaustive()
    }
}
