//! Pushes from outside that wait for room.

use core::cell::Cell;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll};

use super::super::PushError;
use super::claim::Claim;
use super::permit::Turn;
use super::{Mpmc, Refused};

/// Pushes a record, waiting for room: what [`Sender::send`](super::Sender::send) gives.
///
/// Those who wait are served in the order they came. Dropped while it waits, the record is dropped with it and was never
/// accepted; a slot that was meant for it goes to the next. To keep a record whose wait is given up, wait for a slot by
/// [`Sender::reserve`](super::Sender::reserve), and send it then. It fails with [`PushError::Closed`] only.
#[must_use = "futures do nothing unless polled"]
pub struct Sending<'a, T: 'static, const N: usize, F: FnOnce() = fn()> {
    ring: &'a Mpmc<T, N>,
    /// Nothing is to be claimed: the sender has left, or this is done.
    left: Cell<bool>,
    turn: Turn,
    /// `None` once it is done.
    load: Cell<Option<(T, F)>>,
}

impl<'a, T: 'static, const N: usize, F: FnOnce()> Sending<'a, T, N, F> {
    pub(super) fn new(ring: &'a Mpmc<T, N>, left: bool, record: T, accepted: F) -> Self {
        Sending {
            ring,
            left: Cell::new(left),
            turn: Turn::new(),
            load: Cell::new(Some((record, accepted))),
        }
    }
}

impl<T: 'static, const N: usize, F: FnOnce()> Future for Sending<'_, T, N, F> {
    type Output = Result<(), PushError<T>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // Shared, not `&mut`: others look at `turn` while it is in their list.
        let this = self.as_ref().get_ref();
        let ring = this.ring;
        // What is free goes first to those who wait already.
        let claimed = if this.left.get() {
            Err(Refused::Closed)
        } else if this.turn.is_new() && !ring.sending.0.is_waiting() {
            ring.claim(Claim::<N>::ONE_PUSHED)
        } else {
            Err(Refused::Full)
        };
        let claimed = match claimed {
            Ok(at) => Some(at),
            Err(Refused::Closed) => None,
            // SAFETY: we are pinned and leave on drop; the ring is the same always.
            Err(Refused::Full) => match unsafe { this.turn.poll(ring, cx, 1) } {
                Poll::Ready(slot) => slot.and_then(|_one| ring.redeem(1)).ok(),
                Poll::Pending => return Poll::Pending,
            },
        };
        // Before the load is asked for: what were claimed and never filled would block the ring.
        this.left.set(true);
        let (record, accepted) = this.load.take().expect("polled again after it was done");
        Poll::Ready(match claimed {
            Some(at) => {
                ring.fill(at, record, true, accepted);
                Ok(())
            }
            None => Err(PushError::Closed(record)),
        })
    }
}

impl<T: 'static, const N: usize, F: FnOnce()> Drop for Sending<'_, T, N, F> {
    fn drop(&mut self) {
        self.turn.leave(self.ring);
    }
}

impl<T: 'static, const N: usize, F: FnOnce()> core::fmt::Debug for Sending<'_, T, N, F> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Push").finish_non_exhaustive()
    }
}
