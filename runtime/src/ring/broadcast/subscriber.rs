//! The end that reads.

use core::task::{Context, Poll};

use super::super::Reader;
use super::super::held::{Grip, Held};
use super::super::stool::Stool;
use super::super::sync::Ordering::*;
use super::Broadcast;
use super::block::PINS;

/// An end that reads; each sees every record. A clone goes on from where this one is.
pub struct Subscriber<T: 'static, const N: usize> {
    ring: Grip<Broadcast<T, N>>,
    /// The position of the next record.
    cursor: usize,
    /// Up to here all is published, and in the block that we have pinned.
    until: usize,
    /// The end of that block.
    end: usize,
    /// Where it lies, if we have pinned one.
    pinned: Option<usize>,
    /// The first of its places, less the position of the first of its records.
    skew: usize,
    /// `cursor` less this is how many records were popped.
    start: usize,
    /// Lost, and nobody has asked yet.
    lost: u64,
    stool: Stool,
    /// The stool may be in the list.
    waiting: bool,
    /// We have left; records up to here are still ours to read.
    left: Option<usize>,
}

impl<T: 'static, const N: usize> Subscriber<T, N> {
    const BLOCK: usize = Broadcast::<T, N>::BLOCK;

    pub(super) fn new(ring: Held<Broadcast<T, N>>) -> Self {
        let ring = Grip::new(ring);
        let cursor = ring.tail.0.load(Relaxed);
        Self::at(ring, cursor, None)
    }

    fn at(ring: Grip<Broadcast<T, N>>, cursor: usize, left: Option<usize>) -> Self {
        // Acquire: those that were dropped have let go of what they had pinned, so a word never counts more than it can.
        if ring.readers.fetch_add(1, Acquire) >= PINS - 1 {
            ring.readers.fetch_sub(1, Relaxed);
            panic!("this ring has {} readers already", PINS - 1);
        }
        if left.is_none() {
            ring.subscribers.fetch_add(1, Relaxed);
        }
        Subscriber {
            ring,
            cursor,
            until: cursor,
            end: cursor,
            pinned: None,
            skew: 0,
            start: cursor,
            lost: 0,
            stool: Stool::new(),
            waiting: false,
            left,
        }
    }

    /// How many records can be popped without looking further, up to a block; looks again only when it knows of none.
    #[inline(always)]
    pub fn ready(&mut self) -> usize {
        if self.cursor == self.until {
            self.enter();
        }
        self.until.wrapping_sub(self.cursor)
    }

    /// Looks for records: more in the block that is pinned, or the next block that is still there.
    #[cold]
    #[inline(never)]
    fn enter(&mut self) -> bool {
        if self.pinned.is_some() && self.cursor == self.end {
            self.release();
        }
        loop {
            // Acquire: the records before it, and where their blocks lie, are to be seen.
            let tail = self.ring.tail.0.load(Acquire);
            let behind = tail.wrapping_sub(self.cursor);
            // Who has left has less to read; how far back the ring reaches is the same for all.
            let ours = self.left.map_or(behind, |left| left.wrapping_sub(self.cursor));
            if ours == 0 {
                return false;
            }
            if self.pinned.is_none() {
                // The last position's block is the newest; the `N` places that end with it are all that there can be.
                let newest = tail.wrapping_sub(1) / Self::BLOCK;
                let kept = tail.wrapping_sub(newest.wrapping_mul(Self::BLOCK)) + N - Self::BLOCK;
                // Nobody leaves before what was published: then positions have wrapped meanwhile, and all of it is gone.
                let gone = if behind < ours { ours } else { behind.saturating_sub(kept) };
                if gone != 0 {
                    self.lose(gone.min(ours));
                    continue;
                }
                let Some(place) = self.ring.blocks.pin(self.cursor / Self::BLOCK) else {
                    self.lose((Self::BLOCK - self.cursor % Self::BLOCK).min(ours));
                    continue;
                };
                let first = self.cursor - self.cursor % Self::BLOCK;
                self.pinned = Some(place);
                self.end = first.wrapping_add(Self::BLOCK);
                self.skew = (place * Self::BLOCK).wrapping_sub(first);
            }
            let run = self.end.wrapping_sub(self.cursor).min(ours);
            self.until = self.cursor.wrapping_add(run);
            return true;
        }
    }

    /// Up to where there is something to read for us.
    fn tail(&self) -> usize {
        // Acquire: the records before it, and where their blocks lie, are to be seen.
        self.left.unwrap_or_else(|| self.ring.tail.0.load(Acquire))
    }

    /// Passes so many positions by.
    fn lose(&mut self, many: usize) {
        self.lost += many as u64;
        self.cursor = self.cursor.wrapping_add(many);
        self.until = self.cursor;
        self.start = self.start.wrapping_add(many);
    }

    /// How many records were lost since this was last asked: overwritten before they were read. They lie between the record that
    /// was popped last and the one to be popped next; those before the end are known once this end has met it. So ask after a pop.
    pub fn take_lost(&mut self) -> u64 {
        core::mem::take(&mut self.lost)
    }

    /// Lets go of the block that is pinned. Nobody waits for it: the producer passes a pinned block over, and the ring is shorter
    /// by it meanwhile. What was not popped may be overwritten from here on.
    #[inline(always)]
    pub fn release(&mut self) {
        if let Some(place) = self.pinned.take() {
            self.ring.blocks.unpin(place);
            self.until = self.cursor;
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
        if self.left.is_some() {
            return Poll::Ready(0);
        }
        self.release();
        self.waiting = true;
        // SAFETY: the stool serves this list only, and we rise before it goes.
        unsafe { self.stool.sit(&self.ring.waiting.0, cx.waker()) };
        // Seated, so what is published next, or the end, wakes us; look whether it is there already. The end before the tail:
        // the producer publishes, then closes.
        let closed = self.ring.is_closed();
        let ready = self.ready();
        if ready == 0 && !closed {
            return Poll::Pending;
        }
        self.unwait();
        Poll::Ready(ready)
    }

    /// Stops waiting for records. Nothing is to be passed on: all who sleep are woken.
    #[inline]
    pub fn unwait(&mut self) {
        if core::mem::take(&mut self.waiting) {
            // SAFETY: the stool serves this list only.
            unsafe { self.stool.rise(&self.ring.waiting.0) };
        }
    }

    /// Leaves. What is published now can still be popped; after it comes the end.
    pub fn close(&mut self) {
        if self.left.is_none() {
            self.unwait();
            self.left = Some(self.tail());
            self.ring.subscribers.fetch_sub(1, Relaxed);
        }
    }

    /// Nothing will come out any more.
    pub fn is_ended(&self) -> bool {
        // The end before the tail, as in `wait`.
        (self.left.is_some() || self.ring.is_closed()) && self.cursor == self.tail()
    }

    /// Records published and not read, at most the capacity: some may have been overwritten.
    pub fn len(&self) -> usize {
        self.tail().wrapping_sub(self.cursor).min(N)
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

impl<T: Clone + 'static, const N: usize> Subscriber<T, N> {
    /// A clone of the next record. If `Clone` panics, the record counts as popped.
    ///
    /// The block that it is in stays pinned until all of it is read, or until [`release`](Self::release).
    #[inline(always)]
    pub fn pop(&mut self) -> Option<T> {
        if self.cursor == self.until && !self.enter() {
            return None;
        }
        Some(self.next())
    }

    /// A clone of the next record. `cursor` is not `until`.
    #[inline(always)]
    fn next(&mut self) -> T {
        debug_assert_ne!(self.cursor, self.until);
        let index = self.cursor.wrapping_add(self.skew);
        self.cursor = self.cursor.wrapping_add(1);
        // SAFETY: the place is in the block that we have pinned, where the record of this position lies: `pin` has compared
        // the stamp. It is before `tail`, which we saw with Acquire, so it was written, and the producer is past it.
        unsafe { self.ring.places.get(index) }.clone()
    }
}

impl<T: 'static, const N: usize> Clone for Subscriber<T, N> {
    /// Another reader, from where this one is. It has lost nothing yet. One that has left gives one that has left.
    fn clone(&self) -> Self {
        Self::at(self.ring.clone(), self.cursor, self.left)
    }
}

impl<T: 'static, const N: usize> Drop for Subscriber<T, N> {
    fn drop(&mut self) {
        self.release();
        self.close();
        self.ring.readers.fetch_sub(1, Release);
    }
}

impl<T: 'static, const N: usize> core::fmt::Debug for Subscriber<T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Subscriber")
            .field("len", &self.len())
            .field("lost", &self.lost)
            .finish_non_exhaustive()
    }
}

/// What this end reads is its own alone: others see the same.
impl<T: Clone + Send + Sync + 'static, const N: usize> Reader<T> for Subscriber<T, N> {
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
            // One look for all that is ready in a block.
            let run = self.ready().min(left);
            if run == 0 {
                return;
            }
            left -= run;
            for _ in 0..run {
                if !take(self.next()) {
                    return;
                }
            }
        }
    }
    #[inline(always)]
    fn popped(&self) -> usize {
        self.cursor.wrapping_sub(self.start)
    }
    #[inline(always)]
    fn release(&mut self) {
        self.release();
    }
    #[inline]
    fn release_now(&mut self) {
        self.release();
    }
    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        self.poll_ready(cx)
    }
    #[inline]
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
    /// Never: nobody waits for readers.
    #[inline(always)]
    fn peer_asleep(&self) -> bool {
        false
    }
}

#[cfg(all(test, not(any(forebay_loom, forebay_shuttle))))]
mod tests {
    use super::super::block::PINS;
    use super::super::{Broadcast, split};

    /// A block's word has no room for all of its number: so many blocks later it says the same.
    #[test]
    fn who_left_long_ago_is_not_led_into_what_is_being_written() {
        let (mut w, mut r) = split(Broadcast::<u8, 16>::boxed()).unwrap();
        w.push(1).unwrap();
        w.publish();
        r.close();
        // As if so many records had come by.
        w.skip(usize::MAX / PINS);
        w.publish();
        w.push(2).unwrap();
        assert_eq!(
            (r.pop(), r.take_lost()),
            (None, 1),
            "what is not published is nobody's to read"
        );
    }
}
