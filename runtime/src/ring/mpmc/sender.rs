//! The end that puts records in.

use core::task::{Context, Poll};

#[cfg(feature = "std")]
use super::super::block::block_on;
use super::super::held::{Grip, Held};
use super::super::stool::Stool;
use super::super::sync::Ordering::*;
use super::super::{Closed, PushError, Writer, drop_all};
use super::claim::Claim;
use super::{Mpmc, Permit, Refused, Reserve, Sending};

/// An end that puts records in; it clones.
///
/// The plain methods take `&self` and wake receivers at once. Those of [`Writer`] are for segments: they publish in batches.
pub struct Sender<T: 'static, const N: usize> {
    pub(super) ring: Grip<Mpmc<T, N>>,
    /// Records pushed as a [`Writer`] for which no receiver has been woken yet.
    pub(super) unpublished: usize,
    /// Free slots that we have seen as a [`Writer`] and not filled; others may have.
    seen: usize,
    /// Where we wait as a [`Writer`]; made at the first wait.
    stool: Option<Stool>,
    /// The stool may be in the list.
    waiting: bool,
    /// We have left, and do not count as a sender any more.
    pub(super) left: bool,
    /// We left last, of both sides: what is in the ring is ours.
    heir: bool,
    /// Even as the last to leave we leave what is in the ring to the receivers.
    leaves_all: bool,
}

impl<T: 'static, const N: usize> Sender<T, N> {
    pub(super) fn new(ring: Held<Mpmc<T, N>>) -> Self {
        ring.senders.fetch_add(1, SeqCst);
        Sender {
            ring: Grip::new(ring),
            unpublished: 0,
            seen: 0,
            stool: None,
            waiting: false,
            left: false,
            heir: false,
            leaves_all: false,
        }
    }

    /// What is left in the ring at the end is for the receivers, even where this end goes last. Its clones do the same.
    ///
    /// They take it out after they have closed, until [`is_ended`](super::Receiver::is_ended).
    #[doc(hidden)]
    #[must_use]
    pub fn leaving_all(mut self) -> Self {
        self.leaves_all = true;
        self
    }

    /// Makes ready for [`poll_room`](Writer::poll_room), so that its first wait allocates nothing.
    #[doc(hidden)]
    #[must_use]
    pub fn prepared(mut self) -> Self {
        self.stool.get_or_insert_with(Stool::new);
        self
    }

    #[inline(always)]
    pub(super) fn claim(&self) -> Result<usize, Refused> {
        if self.left {
            Err(Refused::Closed)
        } else {
            self.ring.claim(Claim::<N>::ONE_PUSHED)
        }
    }

    #[inline(always)]
    pub(super) fn put(&self, record: T, now: bool, accepted: impl FnOnce()) -> Result<(), PushError<T>> {
        match self.claim() {
            Ok(at) => {
                self.ring.fill(at, record, now, accepted);
                Ok(())
            }
            Err(Refused::Full) => Err(PushError::Full(record)),
            Err(Refused::Closed) => Err(PushError::Closed(record)),
        }
    }

    /// Pushes a record if there is room now.
    #[inline]
    pub fn try_push(&self, record: T) -> Result<(), PushError<T>> {
        self.put(record, true, || {})
    }

    /// The same; `accepted` runs once the record is in for sure, and before a receiver sees it.
    ///
    /// Until it returns, what is pushed behind this record waits with it: so it is short, and does not wait for this ring itself.
    #[inline]
    pub fn try_push_with(&self, record: T, accepted: impl FnOnce()) -> Result<(), PushError<T>> {
        self.put(record, true, accepted)
    }

    /// Pushes a record, waiting for room. Those who wait are served in the order they came.
    pub fn send(&self, record: T) -> Sending<'_, T, N> {
        self.send_with(record, || {})
    }

    /// The same; `accepted` runs once the record is in for sure, and before a receiver sees it. See
    /// [`try_push_with`](Self::try_push_with).
    pub fn send_with<F: FnOnce()>(&self, record: T, accepted: F) -> Sending<'_, T, N, F> {
        self.tell();
        Sending::new(&self.ring, self.left, record, accepted)
    }

    /// Pushes a record; this thread parks until there is room.
    #[cfg(feature = "std")]
    pub fn send_blocking(&self, record: T) -> Result<(), PushError<T>> {
        block_on(self.send(record))
    }

    /// The same; `accepted` runs once the record is in for sure, and before a receiver sees it.
    #[cfg(feature = "std")]
    pub fn send_blocking_with(&self, record: T, accepted: impl FnOnce()) -> Result<(), PushError<T>> {
        block_on(self.send_with(record, accepted))
    }

    /// Waits for a slot, and keeps it for one record: `Ok(`[`Permit`]`)`, or `Err(Closed)`.
    pub fn reserve(&self) -> Reserve<'_, T, N> {
        self.tell();
        Reserve::new(&self.ring, self.left)
    }

    /// Keeps a slot for one record, if there is room now.
    pub fn try_reserve(&self) -> Result<Permit<'_, T, N>, PushError<()>> {
        if self.left {
            return Err(PushError::Closed(()));
        }
        Permit::claim(&self.ring).map_err(|refused| match refused {
            Refused::Full => PushError::Full(()),
            Refused::Closed => PushError::Closed(()),
        })
    }

    /// Closes the ring for all: pushes fail, what was accepted can still be taken out.
    pub fn close_all(&self) {
        self.ring.close_all();
    }

    /// A push is in vain.
    pub fn is_closed(&self) -> bool {
        self.left || self.ring.is_closed()
    }

    /// Records in the ring.
    pub fn len(&self) -> usize {
        self.ring.len()
    }

    /// No record is in the ring.
    pub fn is_empty(&self) -> bool {
        self.ring.is_empty()
    }

    /// The capacity of the ring.
    pub const fn capacity(&self) -> usize {
        N
    }

    /// A receiver sleeps: a relaxed look.
    pub fn peer_asleep(&self) -> bool {
        self.ring.receiving.0.is_waiting()
    }

    #[cold]
    #[inline(never)]
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Closed>> {
        self.flush();
        let stool = self.stool.get_or_insert_with(Stool::new);
        self.waiting = true;
        // SAFETY: the stool serves this list only, and we rise before it goes.
        unsafe { stool.sit(&self.ring.feeding.0, cx.waker()) };
        // Seated, so who makes room wakes us; look whether there is some already.
        let ready = match (self.ring.is_closed(), self.look()) {
            (true, _) => Err(Closed),
            (false, 0) => return Poll::Pending,
            (false, room) => Ok(room),
        };
        self.rise();
        Poll::Ready(ready)
    }

    /// How many slots are free, up to 64; looks again only when it knows of none.
    #[inline(always)]
    fn look(&mut self) -> usize {
        if self.seen == 0 {
            self.seen = self.ring.room();
        }
        self.seen
    }

    /// Never wait while receivers sleep on what we wrote as a [`Writer`].
    #[inline(always)]
    pub(super) fn tell(&self) {
        if self.unpublished != 0 {
            self.ring.shown(self.unpublished);
        }
    }

    #[inline(always)]
    fn flush(&mut self) {
        if self.unpublished != 0 {
            self.ring.shown(core::mem::take(&mut self.unpublished));
        }
    }

    #[inline]
    fn rise(&mut self) {
        if core::mem::take(&mut self.waiting)
            && let Some(stool) = &mut self.stool
        {
            // Nothing to pass on: all segments are called at once.
            // SAFETY: the stool serves this list only.
            unsafe { stool.rise(&self.ring.feeding.0) };
        }
    }

    /// Takes a record out; a receiver that has left, but waits for the rest, may have been waiting for this one.
    fn take(&self) -> Option<T> {
        let record = self.ring.take()?;
        self.ring.freed(N - 1);
        Some(record)
    }

    /// Does not count as a sender any more; the ring has ended with its last.
    pub(in crate::ring) fn leave(&mut self) {
        // First from the list: a waker that panics, where that is not caught, must not leave us in it.
        self.rise();
        self.flush();
        if !core::mem::replace(&mut self.left, true) && self.ring.senders.fetch_sub(1, SeqCst) == 1 {
            self.ring.close_all();
            self.heir = !self.leaves_all && self.ring.receivers.load(SeqCst) == 0;
        }
    }
}

impl<T: 'static, const N: usize> Clone for Sender<T, N> {
    /// Another sender. One that has left gives one that has left.
    fn clone(&self) -> Self {
        if !self.left {
            self.ring.senders.fetch_add(1, SeqCst);
        }
        Sender {
            ring: self.ring.clone(),
            unpublished: 0,
            seen: 0,
            stool: None,
            waiting: false,
            left: self.left,
            heir: false,
            leaves_all: self.leaves_all,
        }
    }
}

impl<T: 'static, const N: usize> Drop for Sender<T, N> {
    fn drop(&mut self) {
        self.leave();
        if self.heir {
            drop_all(|| self.take());
        }
    }
}

impl<T: 'static, const N: usize> core::fmt::Debug for Sender<T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Sender")
            .field("len", &self.len())
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

impl<T: Send + 'static, const N: usize> Writer<T> for Sender<T, N> {
    const HIDES: bool = false;

    #[inline(always)]
    fn push(&mut self, record: T) -> Result<(), PushError<T>> {
        let pushed = self.put(record, false, || {});
        if pushed.is_ok() {
            self.unpublished += 1;
            self.seen = self.seen.saturating_sub(1);
        } else {
            self.seen = 0;
        }
        pushed
    }

    #[inline]
    fn room(&mut self) -> usize {
        if self.is_closed() { 0 } else { self.look() }
    }

    #[inline(always)]
    fn publish(&mut self) {
        self.flush();
    }

    #[inline(always)]
    fn unpublished(&self) -> usize {
        self.unpublished
    }

    #[inline]
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Closed>> {
        if self.is_closed() {
            self.unwait();
            return Poll::Ready(Err(Closed));
        }
        match self.look() {
            0 => self.wait(cx),
            room => {
                self.unwait();
                Poll::Ready(Ok(room))
            }
        }
    }

    #[inline]
    fn unwait(&mut self) {
        self.rise();
    }

    fn close(&mut self) {
        self.leave();
    }

    #[inline]
    fn is_closed(&self) -> bool {
        self.is_closed()
    }

    fn reclaim(&mut self) -> Option<T> {
        if self.ring.receivers.load(SeqCst) != 0 {
            None
        } else {
            self.take()
        }
    }

    fn len(&self) -> usize {
        self.len()
    }

    fn capacity(&self) -> usize {
        N
    }

    #[inline(always)]
    fn peer_asleep(&self) -> bool {
        self.ring.receiving.0.is_waiting()
    }
}
