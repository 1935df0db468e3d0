//! The consumer's end.

#[cfg(not(any(forebay_loom, forebay_shuttle)))]
mod peek;

use core::iter::FusedIterator;
use core::task::{Context, Poll};

use super::super::held::{Grip, Held};
use super::super::sync::{Ordering::*, handshake, relax};
use super::super::{Reader, drop_all};
use super::{RX_CLOSED, Spsc, TX_CLOSED};

/// The end that takes records out.
pub struct Consumer<T: 'static, const N: usize> {
    ring: Grip<Spsc<T, N>>,
    /// The next record lies here.
    head: usize,
    /// What the ring's `head` says.
    released: usize,
    /// The ring's `tail` as last seen.
    tail: usize,
    /// A waker of ours may be registered.
    waiting: bool,
    /// `close` was called.
    left: bool,
    /// What is left is the producer's.
    gone: bool,
}

impl<T: 'static, const N: usize> Consumer<T, N> {
    pub(super) fn new(ring: Held<Spsc<T, N>>) -> Self {
        let ring = Grip::new(ring);
        let head = ring.head.0.load(Acquire);
        Consumer {
            ring,
            head,
            released: head,
            tail: head,
            waiting: false,
            left: false,
            gone: false,
        }
    }

    /// How many records are there; rereads the producer's index only when it knows of none.
    #[inline(always)]
    pub fn ready(&mut self) -> usize {
        if self.head == self.tail {
            self.look();
        }
        self.tail.wrapping_sub(self.head)
    }

    /// Rereads the producer's index: there is a record.
    #[inline]
    fn look(&mut self) -> bool {
        if !self.gone {
            self.tail = self.ring.tail.0.load(Acquire);
        }
        self.head != self.tail
    }

    /// Takes a record out; its slot stays taken until [`release`](Self::release).
    #[inline(always)]
    pub fn pop(&mut self) -> Option<T> {
        if self.head == self.tail && !self.look() {
            return None;
        }
        Some(self.take())
    }

    /// Takes out the record at `head`, which must not be `tail`.
    #[inline(always)]
    fn take(&mut self) -> T {
        debug_assert_ne!(self.head, self.tail);
        let at = self.head;
        self.head = at.wrapping_add(1);
        // SAFETY: `at` lies before `tail`, which we saw with Acquire, so the record is written; the ring's `head` has not
        // passed it, so the producer leaves the slot alone; ours has, so we do not read it twice.
        unsafe { self.ring.slots.read(at) }
    }

    /// What is ready now, at most `most`, as an iterator: one look at the producer's index for all of it. What is not
    /// iterated over stays in the ring.
    #[inline]
    pub fn run(&mut self, most: usize) -> Run<'_, T, N> {
        let left = self.ready().min(most);
        Run { consumer: self, left }
    }

    /// Gives the slots of what was popped back. A producer that sleeps is woken if the ring is half empty.
    #[inline(always)]
    pub fn release(&mut self) {
        if self.head != self.released {
            self.give_back();
            if self.ring.producer.0.is_waiting() {
                self.wake_at(N / 2);
            }
        }
    }

    /// The same, and wakes the producer if there is any room.
    #[inline]
    pub fn release_now(&mut self) {
        if self.head != self.released {
            self.give_back();
        }
        // If nothing was to be given back there is no fence: a producer that went to sleep after our last release has seen
        // that release, so it sleeps on a full ring; one that slept before, we have seen at that release.
        if self.ring.producer.0.is_waiting() {
            self.wake_at(N - 1);
        }
    }

    #[inline(always)]
    fn give_back(&mut self) {
        self.released = self.head;
        self.ring.head.0.store(self.head, Release);
        handshake();
    }

    /// Wakes the producer if no more than `used` slots are taken.
    #[cold]
    fn wake_at(&self, used: usize) {
        if self.ring.tail.0.load(Acquire).wrapping_sub(self.released) <= used {
            self.ring.producer.0.wake();
        }
    }

    /// Waits for records; releases before it waits. `Ready(0)`: the end.
    #[inline]
    pub fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        match self.ready() {
            0 => self.wait(cx),
            ready => {
                self.unwait();
                Poll::Ready(ready)
            }
        }
    }

    #[cold]
    #[inline(never)]
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        if self.gone {
            return Poll::Ready(0);
        }
        // Everything published is popped, so this leaves the ring empty: a producer that sleeps is woken.
        self.release_now();
        // SAFETY: we are the only sleeper of this slot: there is one consumer, and this takes it by `&mut`.
        self.waiting = unsafe { self.ring.consumer.0.register(cx.waker()) };
        // Registered, so the producer's next publish or close wakes us; look whether one came before. The end before the
        // index: the producer publishes, then closes.
        let closed = self.ring.state.load(Acquire) & TX_CLOSED != 0;
        let ready = self.ready();
        if ready == 0 && !closed {
            if !self.waiting {
                relax();
                cx.waker().wake_by_ref();
            }
            return Poll::Pending;
        }
        self.unwait();
        Poll::Ready(ready)
    }

    /// Stops waiting for records.
    #[inline(always)]
    pub fn unwait(&mut self) {
        if self.waiting {
            self.waiting = false;
            // SAFETY: as in `wait`.
            unsafe { self.ring.consumer.0.unregister() };
        }
    }

    /// Refuses more: the producer sees `Closed`.
    ///
    /// Who closes last owns what is left. If the producer had closed before, the rest can still be popped here; otherwise
    /// nothing comes out any more, and the producer reclaims it.
    pub fn close(&mut self) {
        if self.left {
            return;
        }
        self.left = true;
        self.unwait();
        if self.head != self.released {
            self.give_back();
        }
        // AcqRel: who closes second sees all that the other did, and owns what is left.
        if self.ring.state.fetch_or(RX_CLOSED, AcqRel) & TX_CLOSED == 0 {
            self.gone = true;
            self.tail = self.head;
        }
        handshake();
        self.ring.producer.0.wake();
    }

    /// Nothing will come out any more.
    pub fn is_ended(&self) -> bool {
        let closed = self.gone || self.ring.state.load(Acquire) & TX_CLOSED != 0;
        closed && self.is_empty()
    }

    /// The producer sleeps: a relaxed look.
    #[inline(always)]
    pub fn peer_asleep(&self) -> bool {
        self.ring.producer.0.is_waiting()
    }

    /// Records published and not popped.
    pub fn len(&self) -> usize {
        if self.gone {
            0
        } else {
            self.ring.tail.0.load(Acquire).wrapping_sub(self.head)
        }
    }

    /// No record is there.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The capacity of the ring.
    pub const fn capacity(&self) -> usize {
        N
    }
}

/// What was ready when [`Consumer::run`] looked.
#[derive(Debug)]
pub struct Run<'a, T: 'static, const N: usize> {
    consumer: &'a mut Consumer<T, N>,
    left: usize,
}

impl<T: 'static, const N: usize> Iterator for Run<'_, T, N> {
    type Item = T;

    #[inline(always)]
    fn next(&mut self) -> Option<T> {
        self.left = self.left.checked_sub(1)?;
        Some(self.consumer.take())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl<T: 'static, const N: usize> ExactSizeIterator for Run<'_, T, N> {}
impl<T: 'static, const N: usize> FusedIterator for Run<'_, T, N> {}

impl<T: 'static, const N: usize> Drop for Consumer<T, N> {
    fn drop(&mut self) {
        self.close();
        // Released one by one: should a drop panic, the ring must not see its record again.
        drop_all(|| {
            let record = self.pop();
            self.release();
            record
        });
    }
}

impl<T: 'static, const N: usize> core::fmt::Debug for Consumer<T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Consumer").field("len", &self.len()).finish_non_exhaustive()
    }
}

impl<T: Send + 'static, const N: usize> Reader<T> for Consumer<T, N> {
    const SHARED: bool = false;

    #[inline(always)]
    fn ready(&mut self) -> usize {
        self.ready()
    }
    #[inline(always)]
    fn pop(&mut self) -> Option<T> {
        self.pop()
    }
    #[inline(always)]
    fn pop_each(&mut self, most: usize, mut take: impl FnMut(T) -> bool) {
        let mut left = most;
        while left > 0 {
            // One look at the producer's index for all that is there.
            let run = self.ready().min(left);
            if run == 0 {
                return;
            }
            left -= run;
            let (from, ring) = (self.head, &*self.ring);
            for at in (0..run).map(|i| from.wrapping_add(i)) {
                self.head = at.wrapping_add(1);
                // SAFETY: as in `take`: `at` lies before `tail`, and `head` has passed it.
                if !take(unsafe { ring.slots.read(at) }) {
                    return;
                }
            }
        }
    }
    #[inline(always)]
    fn popped(&self) -> usize {
        self.head
    }
    #[inline(always)]
    fn release(&mut self) {
        self.release();
    }
    #[inline]
    fn release_now(&mut self) {
        self.release_now();
    }
    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        self.poll_ready(cx)
    }
    #[inline(always)]
    fn unwait(&mut self) {
        self.unwait();
    }
    fn close(&mut self) {
        self.close();
    }
    fn is_ended(&self) -> bool {
        self.is_ended()
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
