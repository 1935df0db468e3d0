//! The end that sets the value.

use core::task::{Context, Poll};

use super::super::held::{Grip, Held};
use super::super::sync::{Ordering::*, handshake};
use super::super::{Closed, PushError, Writer};
use super::{CLOSED, LENT, Latest, Watcher, watch};

/// An end that sets the value. It never waits, and never learns what watchers do.
pub struct Sender<T: 'static, const SLOTS: usize> {
    ring: Grip<Latest<T, SLOTS>>,
    spare: Spare,
    /// Values pushed of which sleepers were not told.
    unpublished: usize,
    left: bool,
}

/// A slot for the next value.
enum Spare {
    None,
    /// Claimed by us.
    Empty(usize),
    /// Claimed by us, with the last of so many values that were pushed and cannot be seen yet.
    Filled {
        slot: usize,
        values: usize,
    },
}

impl<T: 'static, const SLOTS: usize> Sender<T, SLOTS> {
    pub(super) fn new(ring: Held<Latest<T, SLOTS>>) -> Self {
        ring.enlist();
        ring.senders.fetch_add(1, Relaxed);
        Sender {
            ring: Grip::new(ring),
            spare: Spare::None,
            unpublished: 0,
            left: false,
        }
    }

    /// Sets the value, and wakes those who wait for one. It comes back only when the ring has closed.
    pub fn set(&mut self, value: T) -> Result<(), PushError<T>> {
        self.push(value)?;
        self.publish();
        Ok(())
    }

    /// The next value: to be seen from [`publish`](Self::publish) on, which comes at the end of a batch. Of those pushed until then
    /// the last is to be seen; the others are dropped as they are replaced, and watchers are told that they have skipped them. With a watcher that is
    /// [lent](Watcher::lent) each is to be seen at once.
    #[inline]
    pub fn push(&mut self, value: T) -> Result<(), PushError<T>> {
        let state = self.ring.state.load(Acquire);
        if self.left || state & CLOSED != 0 {
            return Err(PushError::Closed(value));
        }
        let ring = &*self.ring;
        match &mut self.spare {
            Spare::Filled { slot, values } => {
                *values = values.wrapping_add(1);
                // SAFETY: it is claimed by us, and filled.
                unsafe { ring.slots[*slot].refill(value) };
            }
            spare => {
                let slot = match spare {
                    Spare::Empty(slot) => *slot,
                    _ => ring.claim(),
                };
                // SAFETY: it is claimed by us, and empty.
                unsafe { ring.slots[slot].fill(value) };
                *spare = Spare::Filled { slot, values: 1 };
            }
        }
        self.unpublished = self.unpublished.wrapping_add(1).max(1);
        if state & LENT != 0 {
            self.show();
        }
        Ok(())
    }

    /// Sets the value to what was pushed last, and wakes the watchers that sleep.
    #[inline]
    pub fn publish(&mut self) {
        if core::mem::take(&mut self.unpublished) != 0 {
            self.show();
            self.tell();
        }
    }

    /// What was pushed last can be seen.
    #[inline]
    fn show(&mut self) {
        if let Spare::Filled { slot, values } = self.spare {
            // SAFETY: it is claimed by us, and filled; and no longer from here on.
            self.spare = match unsafe { self.ring.show(slot, values) } {
                Some(slot) => Spare::Empty(slot),
                None => Spare::None,
            };
        }
    }

    fn tell(&self) {
        handshake();
        if self.ring.waiting.0.is_waiting() {
            self.ring.waiting.0.wake_all();
        }
    }

    /// A watcher; it sees the current value, if there is one, as new.
    ///
    /// # Panics
    ///
    /// When all ends are there already.
    pub fn watch(&self) -> Watcher<T, SLOTS> {
        watch(self.ring.held().clone())
    }

    /// Leaves; with the last sender the ring has closed. Its value can still be seen.
    pub fn close(&mut self) {
        if core::mem::replace(&mut self.left, true) {
            return;
        }
        self.publish();
        if let Spare::Empty(slot) = core::mem::replace(&mut self.spare, Spare::None) {
            self.ring.slots[slot].free();
        }
        // AcqRel: the last to leave has seen what the others did, and who sees the ring closed sees the last value.
        if self.ring.senders.fetch_sub(1, AcqRel) == 1 {
            self.ring.state.fetch_or(CLOSED, AcqRel);
            self.tell();
        }
        self.ring.ends.fetch_sub(1, Relaxed);
    }

    /// A value cannot be set any more: this end has left, or all had at some time.
    #[inline]
    pub fn is_closed(&self) -> bool {
        self.left || self.ring.is_closed()
    }
}

impl<T: 'static, const SLOTS: usize> Clone for Sender<T, SLOTS> {
    /// Another sender. One that has left gives one that has left.
    ///
    /// # Panics
    ///
    /// When all ends are there already.
    fn clone(&self) -> Self {
        if !self.left {
            return Sender::new(self.ring.held().clone());
        }
        Sender {
            ring: self.ring.clone(),
            spare: Spare::None,
            unpublished: 0,
            left: true,
        }
    }
}

impl<T: 'static, const SLOTS: usize> Drop for Sender<T, SLOTS> {
    fn drop(&mut self) {
        self.close();
    }
}

impl<T: 'static, const SLOTS: usize> core::fmt::Debug for Sender<T, SLOTS> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Sender")
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

/// There always is room, a push fails only once the ring has closed, and nothing is ever to be reclaimed.
impl<T: Send + Sync + 'static, const SLOTS: usize> Writer<T> for Sender<T, SLOTS> {
    const HIDES: bool = false;

    #[inline]
    fn push(&mut self, value: T) -> Result<(), PushError<T>> {
        self.push(value)
    }
    #[inline]
    fn room(&mut self) -> usize {
        usize::from(!self.is_closed())
    }
    #[inline]
    fn publish(&mut self) {
        self.publish();
    }
    #[inline]
    fn unpublished(&self) -> usize {
        self.unpublished
    }
    #[inline]
    fn poll_room(&mut self, _cx: &mut Context<'_>) -> Poll<Result<usize, Closed>> {
        Poll::Ready(if self.is_closed() { Err(Closed) } else { Ok(1) })
    }
    fn unwait(&mut self) {}
    fn close(&mut self) {
        self.close();
    }
    #[inline]
    fn is_closed(&self) -> bool {
        self.is_closed()
    }
    fn reclaim(&mut self) -> Option<T> {
        None
    }
    /// Always 0: a value is never in the way of the next.
    fn len(&self) -> usize {
        0
    }
    fn capacity(&self) -> usize {
        1
    }
    #[inline]
    fn peer_asleep(&self) -> bool {
        self.ring.waiting.0.is_waiting()
    }
}
