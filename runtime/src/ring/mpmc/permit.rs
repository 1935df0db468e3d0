//! Slots that are promised to one sender.

use core::cell::Cell;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::super::Closed;
use super::super::sync::const_new;
use super::super::waiters::{Seat, Sleep};
use super::Mpmc;
use super::claim::Claim;

/// A place in the queue of those who wait for a slot.
pub(super) struct Turn {
    seat: Seat,
    enlisted: Cell<bool>,
}

impl Turn {
    const_new! {
        pub(super) fn new() -> Self {
            Turn {
                seat: Seat::new(),
                enlisted: Cell::new(false),
            }
        }
    }

    /// Not in the queue: what can be had at once may be taken.
    pub(super) fn is_new(&self) -> bool {
        !self.enlisted.get()
    }

    /// Waits for a reserved slot.
    ///
    /// # Safety
    /// The turn stays where it is until [`leave`](Self::leave), which comes before its end; always the same ring.
    pub(super) unsafe fn poll<T, const N: usize>(&self, ring: &Mpmc<T, N>, cx: &mut Context<'_>) -> Poll<Result<(), Closed>> {
        self.enlisted.set(true);
        // SAFETY: it stays and leaves, as the caller promises.
        if unsafe { ring.sending.0.enlist(&self.seat, cx.waker()) } == Sleep::Enlisted {
            // Enlisted, so the next slot that is free is for who comes first; look whether one is already.
            ring.grant();
            // SAFETY: the seat is used with this list only.
            if !ring.is_closed() && unsafe { ring.sending.0.is_enlisted(&self.seat) } {
                return Poll::Pending;
            }
            // SAFETY: as above.
            unsafe { ring.sending.0.leave(&self.seat) };
        }
        self.enlisted.set(false);
        // Called means that a slot is reserved, or that the ring was closed; then reservations mean nothing.
        Poll::Ready(if ring.is_closed() { Err(Closed) } else { Ok(()) })
    }

    /// Goes; a slot that was promised meanwhile is given back, and goes to the next.
    pub(super) fn leave<T, const N: usize>(&self, ring: &Mpmc<T, N>) {
        // SAFETY: the seat is used with this list only.
        if self.enlisted.take() && unsafe { ring.sending.0.leave(&self.seat) } == Sleep::Called {
            ring.unreserve();
        }
    }
}

/// Waits for a slot to be reserved: what [`Sender::reserve`](super::Sender::reserve) gives.
///
/// Dropped while it waits, it gives up its turn, and nothing else happens.
#[must_use = "futures do nothing unless polled"]
pub struct Reserve<'a, T: 'static, const N: usize> {
    ring: &'a Mpmc<T, N>,
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

impl<'a, T: 'static, const N: usize> Future for Reserve<'a, T, N> {
    type Output = Result<Permit<'a, T, N>, Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.as_ref().get_ref();
        if this.left {
            return Poll::Ready(Err(Closed));
        }
        if this.turn.is_new() && !this.ring.sending.0.is_waiting() && this.ring.claim(Claim::<N>::ONE_RESERVED).is_ok() {
            return Poll::Ready(Ok(Permit { ring: this.ring }));
        }
        // SAFETY: we are pinned and leave on drop; the ring is the same always.
        unsafe { this.turn.poll(this.ring, cx) }.map_ok(|()| Permit { ring: this.ring })
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
    ring: &'a Mpmc<T, N>,
}

impl<'a, T: 'static, const N: usize> Permit<'a, T, N> {
    /// One of the slots that are free, if the ring is neither full nor closed.
    pub(super) fn claim(ring: &'a Mpmc<T, N>) -> Result<Self, super::Refused> {
        ring.claim(Claim::<N>::ONE_RESERVED).map(|_| Permit { ring })
    }

    /// Pushes the record. It never waits; it comes back only if the ring was closed meanwhile.
    pub fn send(self, record: T) -> Result<(), T> {
        self.send_with(record, || {})
    }

    /// The same; `accepted` runs once the record is in for sure, and before a receiver sees it.
    pub fn send_with(self, record: T, accepted: impl FnOnce()) -> Result<(), T> {
        self.redeem(record, true, accepted)
    }

    /// The same, and wakes nobody: see [`Sender::tell_of_one`](super::Sender).
    pub(crate) fn send_quietly(self, record: T, accepted: impl FnOnce()) -> Result<(), T> {
        self.redeem(record, false, accepted)
    }

    #[inline]
    fn redeem(self, record: T, now: bool, accepted: impl FnOnce()) -> Result<(), T> {
        let ring = self.ring;
        core::mem::forget(self);
        match ring.redeem() {
            Ok(at) => {
                ring.fill(at, record, now, accepted);
                Ok(())
            }
            Err(Closed) => Err(record),
        }
    }
}

impl<T: 'static, const N: usize> Drop for Permit<'_, T, N> {
    fn drop(&mut self) {
        self.ring.unreserve();
    }
}

impl<T: 'static, const N: usize> core::fmt::Debug for Permit<'_, T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Permit").finish_non_exhaustive()
    }
}
