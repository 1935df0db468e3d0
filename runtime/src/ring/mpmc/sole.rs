//! One receiver, for good: no exchange a record, and one stamp a run of them.

use core::task::{Context, Poll};

use super::super::held::{Grip, Held};
use super::super::sync::{Ordering::*, relax};
use super::super::{Reader, drop_all};
use super::claim::Claim;
use super::{AHEAD, Mpmc, ONE, Sender};

/// The end of a ring that alone takes records out. It does not clone, and senders make no room: see [`split`].
pub struct Sole<T: 'static, const N: usize> {
    ring: Grip<Mpmc<T, N>>,
    /// How many records we took out, from our first position on: modulo the positions of the ring, that of the next.
    popped: usize,
    /// Up to here they are known to be in.
    known: usize,
    /// Up to here slots were given back.
    released: usize,
    /// A waker of ours may be registered.
    waiting: bool,
    /// We have left: others may take records out too.
    left: bool,
    /// We left last, of both sides: what is in the ring is ours.
    heir: bool,
}

/// A sender, and the one receiver that the ring will ever have; `None` if it was asked for ends before.
pub fn split<T, const N: usize>(ring: impl Into<Held<Mpmc<T, N>>>) -> Option<(Sender<T, N>, Sole<T, N>)> {
    let ring = ring.into();
    ring.takers.compare_exchange(0, ONE, AcqRel, Acquire).ok()?;
    ring.receivers.fetch_add(1, SeqCst);
    let start = ring.head.0.load(Acquire);
    ring.no_runs(start);
    let sole = Sole {
        ring: Grip::new(ring.clone()),
        popped: start,
        known: start,
        released: start,
        waiting: false,
        left: false,
        heir: false,
    };
    Some((Sender::new(ring), sole))
}

impl<T: 'static, const N: usize> Sole<T, N> {
    /// How many records are there, as far as this end knows; looks for more only when it knows of none.
    #[inline(always)]
    pub fn ready(&mut self) -> usize {
        if self.popped == self.known {
            self.look();
        }
        self.known.wrapping_sub(self.popped)
    }

    /// Looks for the next runs: there is one. Where senders push record by record it is worth to see several at once.
    #[inline]
    fn look(&mut self) -> bool {
        if self.left {
            return false;
        }
        for _ in 0..AHEAD {
            match self.ring.next_run(self.known & Claim::<N>::POSITIONS) {
                0 => break,
                run => self.known = self.known.wrapping_add(run),
            }
        }
        self.popped != self.known
    }

    /// The position of the next record.
    #[inline(always)]
    fn position(&self) -> usize {
        self.popped & Claim::<N>::POSITIONS
    }

    /// Takes a record out; its slot stays taken until [`release`](Reader::release).
    #[inline(always)]
    pub fn pop(&mut self) -> Option<T> {
        if self.popped != self.known || self.look() {
            return Some(self.take());
        }
        if !self.left {
            return None;
        }
        // From here on the senders may take records out too.
        let record = self.ring.take_left()?;
        self.popped = self.popped.wrapping_add(1);
        self.known = self.popped;
        Some(record)
    }

    /// Takes out the record at `popped`, which must not be `known`.
    #[inline(always)]
    fn take(&mut self) -> T {
        debug_assert_ne!(self.popped, self.known);
        let at = self.popped;
        self.popped = at.wrapping_add(1);
        // SAFETY: `at` lies before `known`, so it belongs to a run that we saw with Acquire, and its record is in; `popped` has
        // passed it, so we do not read it twice; the ring's head has not, so no sender claims its slot; and nobody else takes
        // records out before we leave.
        unsafe { self.ring.slot(at).record.read(0) }
    }

    /// Gives the slots of what was popped back: to senders from outside at any, to segments if no more than `used` are taken then.
    #[inline(always)]
    fn give_back(&mut self, used: usize) {
        self.released = self.popped;
        self.ring.head.0.store(self.position(), Release);
        self.ring.freed(used);
    }

    /// Tells senders of the slots that were freed: those from outside at any, segments once the ring is half empty.
    #[inline(always)]
    pub fn release(&mut self) {
        if self.popped != self.released && !self.left {
            self.give_back(N / 2);
        }
    }

    /// The same, and tells segments if there is any room.
    #[inline]
    pub fn release_now(&mut self) {
        if !self.left && (self.popped != self.released || self.ring.feeding.0.is_waiting()) {
            self.give_back(N - 1);
        }
    }

    #[cold]
    #[inline(never)]
    fn wait(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        self.release_now();
        // SAFETY: we are the only sleeper of this slot: there is one of us, and this takes it by `&mut`.
        self.waiting = unsafe { self.ring.receiving.0.sole.register(cx.waker()) };
        // Registered, so the next record or the end wakes us; look whether there is one already. The end before the records:
        // what was claimed before the ring closed arrives.
        let ended = self.ended();
        let ready = self.ready_or_left();
        if ready == 0 && !ended {
            if !self.waiting {
                relax();
                cx.waker().wake_by_ref();
            }
            return Poll::Pending;
        }
        self.rise();
        Poll::Ready(ready)
    }

    /// How many records are there; after we have left, how many there are for all.
    #[inline(always)]
    fn ready_or_left(&mut self) -> usize {
        if self.left { self.ring.left() } else { self.ready() }
    }

    #[inline(always)]
    fn rise(&mut self) {
        if core::mem::take(&mut self.waiting) {
            // SAFETY: as in `wait`.
            unsafe { self.ring.receiving.0.sole.unregister() };
        }
    }

    /// Everything that was accepted is taken, and nothing more will be.
    fn ended(&self) -> bool {
        if self.left {
            return self.ring.is_ended();
        }
        let claim = self.ring.look();
        claim.is_closed() && claim.tail() == self.position()
    }

    /// Closes the ring for all: pushes fail, what was accepted can still be taken out.
    pub fn close_all(&self) {
        self.ring.close_all();
    }

    /// Records in the ring.
    pub fn len(&self) -> usize {
        if self.left {
            return self.ring.len();
        }
        Claim::<N>::distance(self.position(), self.ring.look().tail())
    }

    /// No record is in the ring.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Does not count as a receiver any more; pushes fail, and whoever goes last may take out what is left.
    fn leave(&mut self) {
        if core::mem::replace(&mut self.left, true) {
            return;
        }
        self.rise();
        self.ring.leave_at(self.position(), self.known.wrapping_sub(self.popped));
        self.known = self.popped;
        self.released = self.popped;
        // Before the count: who sees it take records out.
        self.ring.close_all();
        self.ring.receivers.fetch_sub(1, SeqCst);
        self.heir = self.ring.senders.load(SeqCst) == 0;
    }
}

impl<T: 'static, const N: usize> Drop for Sole<T, N> {
    fn drop(&mut self) {
        self.leave();
        self.rise();
        if self.heir {
            drop_all(|| self.ring.take_left());
        }
    }
}

impl<T: 'static, const N: usize> core::fmt::Debug for Sole<T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Receiver")
            .field("len", &self.len())
            .field("ended", &self.ended())
            .finish_non_exhaustive()
    }
}

impl<T: Send + 'static, const N: usize> Reader<T> for Sole<T, N> {
    const SHARED: bool = false;

    #[inline(always)]
    fn ready(&mut self) -> usize {
        self.ready_or_left()
    }
    #[inline(always)]
    fn pop(&mut self) -> Option<T> {
        self.pop()
    }
    #[inline(always)]
    fn pop_each(&mut self, most: usize, mut take: impl FnMut(T) -> bool) {
        let mut left = most;
        while left > 0 {
            // What is left when we have gone is for all ends: one at a time, wherever that is.
            let (from, run) = if self.left {
                let Some(at) = self.ring.claim_left() else { return };
                self.known = self.known.wrapping_add(1);
                (at, 1)
            } else {
                (self.popped, self.ready().min(left))
            };
            if run == 0 {
                return;
            }
            left -= run;
            let (popped, ring) = (self.popped, &*self.ring);
            // `take` is called at one place only: the compiler then puts it into the loop, whatever it does.
            for i in 0..run {
                self.popped = popped.wrapping_add(i + 1);
                // SAFETY: as in `take`: it lies before `known`, and `popped` has passed it. Or it was claimed, for us alone.
                if !take(unsafe { ring.slot(from.wrapping_add(i)).record.read(0) }) {
                    return;
                }
            }
        }
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
        match self.ready_or_left() {
            0 => self.wait(cx),
            ready => {
                self.rise();
                Poll::Ready(ready)
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
    fn is_ended(&self) -> bool {
        self.ended()
    }
    fn len(&self) -> usize {
        self.len()
    }
    fn capacity(&self) -> usize {
        N
    }
    #[inline(always)]
    fn peer_asleep(&self) -> bool {
        self.ring.sending.0.is_waiting() || self.ring.feeding.0.is_waiting()
    }
}
