//! The end that puts records in.

use core::mem::needs_drop;
use core::task::{Context, Poll};

use super::super::held::{Grip, Held};
use super::super::sync::{Ordering::*, handshake};
use super::super::{Closed, PushError, Writer, discard};
use super::{Broadcast, CLOSED, Subscriber, subscribe};

/// The end that puts records in. It never waits, and never learns what readers do: where nobody listens it goes on overwriting.
pub struct Producer<T: 'static, const N: usize> {
    ring: Grip<Broadcast<T, N>>,
    /// The position of the next record.
    at: usize,
    /// We have a block for the positions from `at` up to here.
    end: usize,
    /// Where that block lies.
    place: usize,
    /// How many of its places hold a record, of now or of an earlier lap.
    filled: usize,
    /// Up to here sleepers were told.
    told: usize,
    closed: bool,
}

impl<T: 'static, const N: usize> Producer<T, N> {
    pub(super) fn new(ring: Held<Broadcast<T, N>>) -> Self {
        let ring = Grip::new(ring);
        let at = ring.tail.0.load(Relaxed);
        Producer {
            ring,
            at,
            end: at,
            place: 0,
            filled: 0,
            told: at,
            closed: false,
        }
    }

    /// Writes a record, over the oldest if need be. It comes back only when this end has closed.
    ///
    /// Readers that are awake may see it at once; those that sleep are woken by [`publish`](Self::publish), so call that at the
    /// end of a batch. If readers are held up in all blocks at once, which takes 16 of them, it is this record that they lose.
    #[inline(always)]
    pub fn push(&mut self, record: T) -> Result<(), PushError<T>> {
        if self.at == self.end && !self.enter() {
            return self.miss(record);
        }
        let offset = self.at % Broadcast::<T, N>::BLOCK;
        let index = self.place * Broadcast::<T, N>::BLOCK + offset;
        self.at = self.at.wrapping_add(1);
        if needs_drop::<T>() && offset < self.filled {
            // SAFETY: the block was claimed, so nobody has pinned its earlier lap; readers of this one stay before `tail`, which
            // is not past this place. A record of an earlier lap is in it.
            discard(unsafe { self.ring.places.replace(index, record) });
        } else {
            // SAFETY: as above; and there is no record in it, or one that needs no drop.
            unsafe { self.ring.places.write(index, record) };
            if needs_drop::<T>() {
                self.filled = offset + 1;
                self.ring.blocks.set_filled(self.place, self.filled);
            }
        }
        Ok(())
    }

    /// A block for the next position. No: closed, or there is none to be had.
    #[cold]
    #[inline(never)]
    fn enter(&mut self) -> bool {
        if self.closed {
            return false;
        }
        // What is in the last one may be seen: at most a block is ever hidden from those who are awake.
        self.ring.tail.0.store(self.at, Release);
        let (number, offset) = (self.at / Broadcast::<T, N>::BLOCK, self.at % Broadcast::<T, N>::BLOCK);
        // Never in the middle of a block: then its beginning is lost, and so is the rest.
        if offset != 0 {
            return false;
        }
        let Some(place) = self.ring.blocks.claim(number) else {
            return false;
        };
        self.place = place;
        self.filled = self.ring.blocks.filled(place);
        self.end = self.at.wrapping_add(Broadcast::<T, N>::BLOCK);
        true
    }

    /// A record that has no place.
    #[cold]
    fn miss(&mut self, record: T) -> Result<(), PushError<T>> {
        if self.closed {
            return Err(PushError::Closed(record));
        }
        // Its position is passed, so each reader counts it.
        self.at = self.at.wrapping_add(1);
        self.end = self.at;
        discard(record);
        Ok(())
    }

    /// Passes by so many positions, whole blocks, as if records had come and had no place.
    #[cfg(all(test, not(any(forebay_loom, forebay_shuttle))))]
    pub(super) fn skip(&mut self, many: usize) {
        self.at = self.at.wrapping_add(many);
        self.end = self.at;
    }

    /// Makes what was written visible, and wakes the readers that sleep.
    #[inline(always)]
    pub fn publish(&mut self) {
        if self.at != self.told {
            self.told = self.at;
            self.ring.tail.0.store(self.at, Release);
            handshake();
            if self.ring.waiting.0.is_waiting() {
                self.ring.waiting.0.wake_all();
            }
        }
    }

    /// Records written since the last [`publish`](Self::publish).
    #[inline(always)]
    pub fn unpublished(&self) -> usize {
        self.at.wrapping_sub(self.told)
    }

    /// A reader that sees what is published from now on.
    ///
    /// # Panics
    ///
    /// As [`subscribe`].
    pub fn subscribe(&self) -> Subscriber<T, N> {
        subscribe(self.ring.held().clone())
    }

    /// How many readers there are.
    pub fn subscribers(&self) -> usize {
        self.ring.subscribers()
    }

    /// A reader sleeps: a relaxed look.
    #[inline(always)]
    pub fn peer_asleep(&self) -> bool {
        self.ring.waiting.0.is_waiting()
    }

    /// Publishes, then leaves: readers find the end after the last record. What is in the ring stays readable.
    pub fn close(&mut self) {
        if self.closed {
            return;
        }
        self.publish();
        self.closed = true;
        self.end = self.at;
        // Release: who sees the end sees the last records.
        self.ring.state.fetch_or(CLOSED, Release);
        handshake();
        self.ring.waiting.0.wake_all();
    }

    /// This end has closed.
    pub const fn is_closed(&self) -> bool {
        self.closed
    }

    /// The capacity of the ring.
    pub const fn capacity(&self) -> usize {
        N
    }
}

impl<T: 'static, const N: usize> Drop for Producer<T, N> {
    fn drop(&mut self) {
        self.close();
    }
}

impl<T: 'static, const N: usize> core::fmt::Debug for Producer<T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Producer")
            .field("unpublished", &self.unpublished())
            .field("closed", &self.closed)
            .finish_non_exhaustive()
    }
}

/// There always is room, a push fails only after this end has closed, and nothing is ever to be reclaimed: what a reader did not
/// read, that reader has lost.
impl<T: Send + Sync + 'static, const N: usize> Writer<T> for Producer<T, N> {
    const HIDES: bool = false;

    #[inline(always)]
    fn push(&mut self, record: T) -> Result<(), PushError<T>> {
        self.push(record)
    }
    #[inline(always)]
    fn room(&mut self) -> usize {
        if self.closed { 0 } else { N }
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
    fn poll_room(&mut self, _cx: &mut Context<'_>) -> Poll<Result<usize, Closed>> {
        Poll::Ready(if self.closed { Err(Closed) } else { Ok(N) })
    }
    fn unwait(&mut self) {}
    fn close(&mut self) {
        self.close();
    }
    #[inline]
    fn is_closed(&self) -> bool {
        self.closed
    }
    fn reclaim(&mut self) -> Option<T> {
        None
    }
    /// Always 0: a record is never in the way of the next.
    fn len(&self) -> usize {
        0
    }
    fn capacity(&self) -> usize {
        N
    }
    #[inline(always)]
    fn peer_asleep(&self) -> bool {
        self.peer_asleep()
    }
}
