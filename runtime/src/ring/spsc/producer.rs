//! The producer's end.

#[cfg(not(any(forebay_loom, forebay_shuttle)))]
mod place;

use core::task::{Context, Poll};

#[cfg(feature = "std")]
use super::super::block::block_on;
use super::super::held::{Grip, Held};
use super::super::sync::{Ordering::*, handshake, relax};
use super::super::{Closed, PushError, Writer, drop_all};
use super::{RX_CLOSED, Sending, Spsc, TX_CLOSED};

#[cfg(not(any(forebay_loom, forebay_shuttle)))]
pub use place::Place;

/// The end that puts records in.
pub struct Producer<T: 'static, const N: usize> {
    ring: Grip<Spsc<T, N>>,
    /// The next record goes here.
    tail: usize,
    /// What the ring's `tail` says.
    published: usize,
    /// The consumer's `head` as last seen, plus `N`: no record goes here.
    limit: usize,
    /// A waker of ours may be registered.
    waiting: bool,
    /// No push succeeds any more.
    done: bool,
    /// `close` was called.
    left: bool,
    /// The consumer has closed before us: what is in the ring is ours.
    heir: bool,
}

impl<T: 'static, const N: usize> Producer<T, N> {
    pub(super) fn new(ring: Held<Spsc<T, N>>) -> Self {
        let ring = Grip::new(ring);
        let (tail, head) = (ring.tail.0.load(Acquire), ring.head.0.load(Acquire));
        Producer {
            ring,
            tail,
            published: tail,
            limit: head.wrapping_add(N),
            waiting: false,
            done: false,
            left: false,
            heir: false,
        }
    }
}

impl<T: 'static, const N: usize> Producer<T, N> {
    /// Writes a record without publishing it. It comes back when the ring is full or this end has closed; after the consumer has
    /// closed it may still be `Ok`: see [`reclaim`](Self::reclaim).
    #[inline(always)]
    pub fn push(&mut self, record: T) -> Result<(), PushError<T>> {
        if self.tail == self.limit && !self.look() {
            return Err(self.refused(record));
        }
        // SAFETY: `tail` is not `limit`, so the consumer has given the slot back, and we saw that with Acquire; the ring's
        // `tail` has not passed it, so the consumer does not look at it.
        unsafe { self.ring.slots.write(self.tail, record) };
        self.tail = self.tail.wrapping_add(1);
        Ok(())
    }

    /// Pushes a record and publishes it, waiting for room: it is called when the ring is half empty, or when the consumer
    /// [gives slots back at once](super::Consumer::release_now), as its `recv` and `drain_into` do. It fails with [`PushError::Closed`] only.
    ///
    /// To keep a record whose wait is given up, wait by [`poll_room`](Self::poll_room) and push it then.
    pub fn send(&mut self, record: T) -> Sending<'_, T, N> {
        Sending::new(self, record)
    }

    /// [`send`](Self::send), on a thread that may sleep.
    #[cfg(feature = "std")]
    pub fn send_blocking(&mut self, record: T) -> Result<(), PushError<T>> {
        block_on(self.send(record))
    }

    #[inline]
    fn refused(&self, record: T) -> PushError<T> {
        if self.is_closed() {
            PushError::Closed(record)
        } else {
            PushError::Full(record)
        }
    }

    /// Rereads the consumer's index: there is room.
    #[inline]
    fn look(&mut self) -> bool {
        if self.done {
            return false;
        }
        self.limit = self.ring.head.0.load(Acquire).wrapping_add(N);
        self.tail != self.limit
    }

    /// How many records surely fit; rereads the consumer's index only when it knows of no room.
    #[inline(always)]
    pub fn room(&mut self) -> usize {
        if self.tail == self.limit {
            self.look();
        }
        self.limit.wrapping_sub(self.tail)
    }

    /// Publishes what was written: one store and one fence, and a wake-up if the consumer sleeps.
    #[inline(always)]
    pub fn publish(&mut self) {
        if self.tail != self.published {
            self.published = self.tail;
            self.ring.tail.0.store(self.tail, Release);
            handshake();
            if self.ring.consumer.0.is_waiting() {
                self.ring.consumer.0.wake();
            }
        }
    }

    /// Records written and not yet published.
    #[inline(always)]
    pub fn unpublished(&self) -> usize {
        self.tail.wrapping_sub(self.published)
    }

    /// The consumer sleeps: a relaxed look.
    #[inline(always)]
    pub fn peer_asleep(&self) -> bool {
        self.ring.consumer.0.is_waiting()
    }

    /// Waits for room; publishes before it waits.
    #[inline]
    pub fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Closed>> {
        if self.is_closed() {
            self.unwait();
            return Poll::Ready(Err(Closed));
        }
        match self.room() {
            0 => self.wait(cx),
            room => {
                self.unwait();
                Poll::Ready(Ok(room))
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Closed>> {
        self.publish();
        // SAFETY: we are the only sleeper of this slot: there is one producer, and this takes it by `&mut`.
        self.waiting = unsafe { self.ring.producer.0.register(cx.waker()) };
        // Registered, so the consumer's next release or close wakes us; look whether one came before.
        let ready = match (self.is_closed(), self.room()) {
            (true, _) => Err(Closed),
            (false, 0) => {
                if !self.waiting {
                    relax();
                    cx.waker().wake_by_ref();
                }
                return Poll::Pending;
            }
            (false, room) => Ok(room),
        };
        self.unwait();
        Poll::Ready(ready)
    }

    /// Stops waiting for room.
    #[inline(always)]
    pub fn unwait(&mut self) {
        if self.waiting {
            self.waiting = false;
            // SAFETY: as in `wait`.
            unsafe { self.ring.producer.0.unregister() };
        }
    }

    /// A push is in vain: the consumer has closed, or this end has.
    #[inline]
    pub fn is_closed(&self) -> bool {
        self.done || self.ring.state.load(Acquire) & RX_CLOSED != 0
    }

    /// Publishes, then leaves: the consumer finds the end after the last record.
    pub fn close(&mut self) {
        if self.left {
            return;
        }
        self.left = true;
        self.stop();
        // AcqRel: who closes second sees all that the other did, and owns what is left.
        self.heir |= self.ring.state.fetch_or(TX_CLOSED, AcqRel) & RX_CLOSED != 0;
        handshake();
        self.ring.consumer.0.wake();
        self.unwait();
    }

    /// No push from here on; all that was written is published.
    fn stop(&mut self) {
        self.publish();
        self.done = true;
        self.limit = self.tail;
    }

    /// Takes back a record that the consumer left behind when it closed.
    ///
    /// `None` as long as the consumer has not closed, and if it closed after this end: then what is left is the consumer's.
    pub fn reclaim(&mut self) -> Option<T> {
        if !self.heir {
            if self.left || self.ring.state.load(Acquire) & RX_CLOSED == 0 {
                return None;
            }
            self.heir = true;
            self.stop();
        }
        let head = self.ring.head.0.load(Relaxed);
        if head == self.tail {
            return None;
        }
        self.ring.head.0.store(head.wrapping_add(1), Relaxed);
        // SAFETY: the consumer has closed before us, which we saw with Acquire, so it touches neither `head` nor slots any
        // more; the record at `head` was written by us and not taken, and the position is passed.
        Some(unsafe { self.ring.slots.read(head) })
    }

    /// Records in the ring, the unpublished ones too.
    pub fn len(&self) -> usize {
        self.tail.wrapping_sub(self.ring.head.0.load(Acquire))
    }

    /// No record is in the ring.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The capacity of the ring.
    pub const fn capacity(&self) -> usize {
        N
    }
}

impl<T: 'static, const N: usize> Drop for Producer<T, N> {
    fn drop(&mut self) {
        self.close();
        drop_all(|| self.reclaim());
    }
}

impl<T: 'static, const N: usize> core::fmt::Debug for Producer<T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Producer")
            .field("len", &self.len())
            .field("unpublished", &self.unpublished())
            .finish_non_exhaustive()
    }
}

impl<T: Send + 'static, const N: usize> Writer<T> for Producer<T, N> {
    const HIDES: bool = true;

    #[inline(always)]
    fn push(&mut self, record: T) -> Result<(), PushError<T>> {
        self.push(record)
    }
    #[inline(always)]
    fn room(&mut self) -> usize {
        self.room()
    }
    #[inline(always)]
    fn publish(&mut self) {
        self.publish();
    }
    #[inline(always)]
    fn unpublished(&self) -> usize {
        self.unpublished()
    }
    #[inline]
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Closed>> {
        self.poll_room(cx)
    }
    #[inline(always)]
    fn unwait(&mut self) {
        self.unwait();
    }
    fn close(&mut self) {
        self.close();
    }
    #[inline]
    fn is_closed(&self) -> bool {
        self.is_closed()
    }
    fn reclaim(&mut self) -> Option<T> {
        self.reclaim()
    }
    fn len(&self) -> usize {
        self.len()
    }
    fn capacity(&self) -> usize {
        N
    }
    #[inline(always)]
    fn peer_asleep(&self) -> bool {
        self.peer_asleep()
    }
}
