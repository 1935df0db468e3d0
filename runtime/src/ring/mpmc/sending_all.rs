//! Runs of records from outside that wait for room.

use alloc::collections::VecDeque;
use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use super::super::{Closed, PushError};
use super::{ReserveMany, Sender};

/// Pushes records in their order, waiting for room: what [`Sender::send_all`] gives.
///
/// Dropped while it waits, what was not pushed is still in the queue; slots that were meant for it go to the next.
#[must_use = "futures do nothing unless polled"]
pub struct SendingAll<'a, 'r, T: 'static, const N: usize> {
    sender: &'a Sender<T, N>,
    records: &'r mut VecDeque<T>,
    turn: Option<ReserveMany<'a, T, N>>,
}

impl<'a, 'r, T: 'static, const N: usize> SendingAll<'a, 'r, T, N> {
    pub(super) fn new(sender: &'a Sender<T, N>, records: &'r mut VecDeque<T>) -> Self {
        let turn = None;
        SendingAll { sender, records, turn }
    }
}

impl<T: 'static, const N: usize> Future for SendingAll<'_, '_, T, N> {
    type Output = Result<(), Closed>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        // SAFETY: the turn is pinned with us, below; nothing else here is.
        let SendingAll { sender, records, turn } = unsafe { self.get_unchecked_mut() };
        // SAFETY: it never leaves this field but by a drop, and has no drop but its own.
        let mut turn = unsafe { Pin::new_unchecked(turn) };
        while !records.is_empty() {
            let sent = match turn.as_mut().as_pin_mut() {
                Some(waiting) => {
                    let slots = ready!(waiting.poll(cx));
                    turn.set(None);
                    slots.and_then(|slots| slots.send_all(records))
                }
                None => match sender.try_push_all(records) {
                    Ok(_) => Ok(()),
                    Err(PushError::Full(())) => {
                        turn.set(Some(sender.reserve_many(records.len())));
                        Ok(())
                    }
                    Err(PushError::Closed(())) => Err(Closed),
                },
            };
            if sent.is_err() {
                return Poll::Ready(sent);
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: 'static, const N: usize> core::fmt::Debug for SendingAll<'_, '_, T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("SendingAll")
            .field("left", &self.records.len())
            .finish_non_exhaustive()
    }
}
