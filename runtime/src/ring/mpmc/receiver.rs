//! The end that takes records out.

use core::task::{Context, Poll};

use super::super::held::{Grip, Held};
use super::super::stool::Stool;
use super::super::sync::Ordering::*;
use super::super::waiters::Sleep;
use super::super::{Reader, drop_all};
use super::{AHEAD, Mpmc};

/// An end that takes records out; it clones.
pub struct Receiver<T: 'static, const N: usize> {
    ring: Grip<Mpmc<T, N>>,
    /// How many records we took out.
    popped: usize,
    /// How many of them senders have been told of.
    told: usize,
    /// Records that we have seen and not taken; others may have.
    seen: usize,
    stool: Stool,
    /// The stool may be in the list.
    waiting: bool,
    /// We have left, and do not count as a receiver any more.
    left: bool,
    /// We have left, and what is in the ring is for others.
    gone: bool,
    /// We left last, of both sides: what is in the ring is ours.
    heir: bool,
}

impl<T: 'static, const N: usize> Receiver<T, N> {
    pub(super) fn new(ring: Held<Mpmc<T, N>>) -> Self {
        ring.receivers.fetch_add(1, SeqCst);
        Self::at(Grip::new(ring), false)
    }

    fn at(ring: Grip<Mpmc<T, N>>, left: bool) -> Self {
        Receiver {
            ring,
            popped: 0,
            told: 0,
            seen: 0,
            stool: Stool::new(),
            waiting: false,
            left,
            gone: left,
            heir: false,
        }
    }

    /// How many records are there, up to 64; looks again only when it knows of none. Others may take them.
    #[inline]
    pub fn ready(&mut self) -> usize {
        if self.seen == 0 && !self.gone {
            self.seen = self.ring.ready(AHEAD);
        }
        self.seen
    }

    /// Takes a record out. Its slot is free at once; who waits for one is told at [`release`](Self::release).
    #[inline(always)]
    pub fn pop(&mut self) -> Option<T> {
        if self.gone {
            return None;
        }
        let record = self.ring.take_by_lap();
        if record.is_some() {
            self.popped = self.popped.wrapping_add(1);
            self.seen = self.seen.saturating_sub(1);
        } else {
            self.seen = 0;
        }
        record
    }

    /// Tells senders of the slots that were freed: those from outside at any, segments once the ring is half empty.
    #[inline(always)]
    pub fn release(&mut self) {
        if self.tell() {
            self.ring.freed(N / 2);
        }
    }

    /// The same, and tells segments if there is any room.
    #[inline]
    pub fn release_now(&mut self) {
        if self.tell() || self.ring.feeding.0.is_waiting() {
            self.ring.freed(N - 1);
        }
    }

    /// There is something to tell senders.
    #[inline(always)]
    fn tell(&mut self) -> bool {
        core::mem::replace(&mut self.told, self.popped) != self.popped
    }

    /// Waits for records; releases before it waits. `Ready(0)`: the end.
    #[inline]
    pub fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        match self.ready() {
            0 => self.wait(cx),
            ready => {
                self.found(ready);
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
        self.release_now();
        self.waiting = true;
        // SAFETY: the stool serves this list only, and we rise before it goes.
        unsafe { self.stool.sit(&self.ring.receiving.0.any, cx.waker()) };
        // Seated, so the next record or the end wakes us; look whether there is one already.
        let ended = self.ring.is_ended();
        let ready = self.ready();
        if ready == 0 && !ended {
            return Poll::Pending;
        }
        self.found(ready);
        if ready == 0 {
            // Whoever sees the end tells the others.
            self.ring.receiving.0.wake_all();
        }
        Poll::Ready(ready)
    }

    /// Done with waiting, since there are `ready` records. If that is more than one the next receiver is told: records that
    /// became visible behind a slow push have had no wake-up of their own.
    #[inline]
    fn found(&mut self, ready: usize) {
        if core::mem::take(&mut self.waiting) {
            // SAFETY: the stool serves this list only.
            unsafe { self.stool.rise(&self.ring.receiving.0.any) };
            if ready > 1 {
                self.ring.receiving.0.any.wake(1);
            }
        }
    }

    /// Stops waiting for records; a wake-up that came meanwhile goes to the next receiver.
    #[inline]
    pub fn unwait(&mut self) {
        if core::mem::take(&mut self.waiting) {
            // SAFETY: the stool serves this list only.
            if let Sleep::Called(_) = unsafe { self.stool.rise(&self.ring.receiving.0.any) } {
                self.ring.receiving.0.any.wake(1);
            }
        }
    }

    /// Closes the ring for all: pushes fail, what was accepted can still be taken out.
    pub fn close_all(&self) {
        self.ring.close_all();
    }

    /// Nothing will come out any more.
    pub fn is_ended(&self) -> bool {
        self.gone || self.ring.is_ended()
    }

    /// Records in the ring.
    pub fn len(&self) -> usize {
        if self.gone { 0 } else { self.ring.len() }
    }

    /// No record is in the ring.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The capacity of the ring.
    pub const fn capacity(&self) -> usize {
        N
    }

    /// A sender sleeps: a relaxed look.
    #[inline(always)]
    pub fn peer_asleep(&self) -> bool {
        self.ring.sending.0.is_waiting() || self.ring.feeding.0.is_waiting()
    }

    /// Does not count as a receiver any more; pushes fail from the last on, who may take out what is left.
    fn leave(&mut self) {
        if core::mem::replace(&mut self.left, true) {
            return;
        }
        self.unwait();
        if self.ring.receivers.fetch_sub(1, SeqCst) == 1 {
            self.ring.close_all();
            self.heir = self.ring.senders.load(SeqCst) == 0;
        } else {
            self.gone = true;
            self.seen = 0;
        }
        self.release_now();
    }
}

impl<T: 'static, const N: usize> Clone for Receiver<T, N> {
    /// Another receiver. One that has left gives one that has left.
    fn clone(&self) -> Self {
        if !self.left {
            self.ring.receivers.fetch_add(1, SeqCst);
        }
        Self::at(self.ring.clone(), self.left)
    }
}

impl<T: 'static, const N: usize> Drop for Receiver<T, N> {
    fn drop(&mut self) {
        self.leave();
        self.unwait();
        if self.heir {
            drop_all(|| self.ring.take());
        }
        self.release();
    }
}

impl<T: 'static, const N: usize> core::fmt::Debug for Receiver<T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Receiver")
            .field("len", &self.len())
            .field("ended", &self.is_ended())
            .finish_non_exhaustive()
    }
}

impl<T: Send + 'static, const N: usize> Reader<T> for Receiver<T, N> {
    const SHARED: bool = true;

    #[inline]
    fn ready(&mut self) -> usize {
        Receiver::ready(self)
    }
    #[inline(always)]
    fn pop(&mut self) -> Option<T> {
        self.pop()
    }
    #[inline(always)]
    fn popped(&self) -> usize {
        self.popped
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
    #[inline]
    fn unwait(&mut self) {
        self.unwait();
    }
    fn close(&mut self) {
        self.leave();
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
