//! One receiver, for good: no exchange a record.

use core::task::{Context, Poll};

use super::super::Reader;
use super::super::held::Held;
use super::super::sync::Ordering::*;
use super::claim::Claim;
use super::{Mpmc, ONE, Receiver, Sender};

/// The end of a ring that alone takes records out. It does not clone, and senders make no room: see [`sole_ends`].
#[derive(Debug)]
pub struct Sole<T: 'static, const N: usize>(Receiver<T, N>);

/// A sender, and the one receiver that the ring will ever have; `None` if it was asked for ends before.
pub fn sole_ends<T, const N: usize>(ring: impl Into<Held<Mpmc<T, N>>>) -> Option<(Sender<T, N>, Sole<T, N>)> {
    let ring = ring.into();
    ring.takers.compare_exchange(0, ONE, AcqRel, Acquire).ok()?;
    Some((Sender::new(ring.clone()), Sole(Receiver::new(ring))))
}

impl<T: 'static, const N: usize> Sole<T, N> {
    /// Takes a record out. Its slot is free at once; who waits for one is told at [`release`](Reader::release).
    #[inline(always)]
    pub fn pop(&mut self) -> Option<T> {
        let one = &mut self.0;
        if one.left {
            // From here on the senders may take records out too.
            return one.pop();
        }
        // SAFETY: the ring was made for one receiver, so there is no other, and senders take nothing out before it has left.
        let record = unsafe { one.ring.take_alone() };
        if record.is_some() {
            one.popped = one.popped.wrapping_add(1);
            one.seen = one.seen.saturating_sub(1);
        } else {
            one.seen = 0;
        }
        record
    }
}

impl<T: Send + 'static, const N: usize> Reader<T> for Sole<T, N> {
    #[inline]
    fn ready(&mut self) -> usize {
        self.0.ready()
    }
    #[inline(always)]
    fn pop(&mut self) -> Option<T> {
        self.pop()
    }
    #[inline(always)]
    fn pop_each(&mut self, most: usize, mut take: impl FnMut(T) -> bool) {
        if self.0.gone {
            return;
        }
        // Once it has left, senders may take records out too.
        let alone = !self.0.left;
        let Receiver { ring, popped, seen, .. } = &mut self.0;
        *seen = 0;
        let (ring, mut at) = (&**ring, ring.head.0.load(Relaxed));
        for _ in 0..most {
            let record = if alone {
                // SAFETY: as in `pop`; and nobody else moves the head, so it is still at `at`.
                unsafe { ring.take_alone_at(at) }
            } else {
                ring.take()
            };
            let Some(record) = record else { return };
            *popped = popped.wrapping_add(1);
            at = Claim::<N>::after(at);
            if !take(record) {
                return;
            }
        }
    }
    #[inline(always)]
    fn popped(&self) -> usize {
        self.0.popped
    }
    #[inline(always)]
    fn release(&mut self) {
        self.0.release();
    }
    #[inline]
    fn release_now(&mut self) {
        self.0.release_now();
    }
    #[inline]
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        self.0.poll_ready(cx)
    }
    #[inline]
    fn unwait(&mut self) {
        self.0.unwait();
    }
    fn close(&mut self) {
        Reader::close(&mut self.0);
    }
    fn is_ended(&self) -> bool {
        self.0.is_ended()
    }
    fn len(&self) -> usize {
        self.0.len()
    }
    fn capacity(&self) -> usize {
        N
    }
    #[inline(always)]
    fn peer_asleep(&self) -> bool {
        self.0.peer_asleep()
    }
}
