//! The end that sees the value.

use core::task::{Context, Poll};

use super::super::Reader;
use super::super::held::{Grip, Held};
use super::super::stool::Stool;
use super::super::sync::Ordering::*;
use super::{Current, Latest};

/// An end that sees the value: each new one once, by [`pop`](Self::pop), or what it is now, by [`get`](Self::get).
pub struct Watcher<T: 'static, const SLOTS: usize> {
    ring: Grip<Latest<T, SLOTS>>,
    /// The version that was popped last.
    seen: usize,
    /// How many values were popped.
    popped: usize,
    /// Skipped, and nobody has asked yet.
    lost: u64,
    /// The value that we hold: its slot, if any, is pinned.
    held: Current,
    stool: Stool,
    /// The stool may be in the list.
    waiting: bool,
    /// We have left; this version is the last that is ours to see.
    left: Option<usize>,
}

impl<T: 'static, const SLOTS: usize> Watcher<T, SLOTS> {
    pub(super) fn new(ring: Held<Latest<T, SLOTS>>) -> Self {
        ring.enlist();
        let current = ring.look();
        // What is there is new to us.
        let seen = current.version().wrapping_sub(usize::from(current.slot().is_some()));
        Self::at(Grip::new(ring), seen & Current::VERSIONS, None)
    }

    fn at(ring: Grip<Latest<T, SLOTS>>, seen: usize, left: Option<usize>) -> Self {
        Watcher {
            ring,
            seen,
            popped: 0,
            lost: 0,
            held: Current(0),
            stool: Stool::new(),
            waiting: false,
            left,
        }
    }

    /// From now on every value is visible as soon as it is [pushed](super::Sender::push), without a publish: for a watcher in the same task
    /// as the sender, which must not see an older value than that has pushed. Pushing costs more then.
    #[doc(hidden)]
    #[must_use]
    pub fn lent(self) -> Self {
        self.ring.state.fetch_or(super::LENT, AcqRel);
        self
    }

    /// There is a value that was not popped.
    #[inline]
    pub fn is_new(&mut self) -> bool {
        let version = self.ring.look().version();
        version != self.seen && !self.passed(version)
    }

    /// We have left, and what we left has been replaced by `version`: it is lost.
    #[inline]
    fn passed(&mut self, version: usize) -> bool {
        let Some(last) = self.left.filter(|last| *last != version) else {
            return false;
        };
        self.skip_to(last);
        true
    }

    /// The values up to `version` are lost.
    fn skip_to(&mut self, version: usize) {
        self.lost += Current::distance(self.seen, version) as u64;
        self.seen = version;
    }

    /// The current value, whether it was popped or not; `None` before the first. It is not cloned: it stays where it is.
    ///
    /// Senders go on meanwhile, and do not wait for it. It is held until this end looks again and finds another, waits, or
    /// [lets go](Self::release): as long as it is still the current one, looking costs no more than that.
    #[inline]
    pub fn get(&mut self) -> Option<&T> {
        if self.held != self.ring.look() {
            self.hold();
        }
        let slot = self.held.slot()?;
        // SAFETY: the slot was pinned when its value was current. It is until we let go, for which we must be borrowed anew.
        Some(unsafe { self.ring.slots[slot].value() })
    }

    /// Holds the current value.
    #[inline]
    fn hold(&mut self) {
        self.release();
        self.held = self.ring.pin();
    }

    /// Lets go of the value that [`get`](Self::get) holds. If it was replaced, and nobody else holds it, it is
    /// dropped.
    #[inline]
    pub fn release(&mut self) {
        if let Some(slot) = core::mem::replace(&mut self.held, Current(0)).slot() {
            self.ring.slots[slot].unpin();
        }
    }

    /// How many values were skipped since this was last asked: replaced before they were popped. Ask after a pop: it tells.
    pub fn take_lost(&mut self) -> u64 {
        self.is_new();
        core::mem::take(&mut self.lost)
    }

    /// Waits for a value that was not popped; lets go before it waits. `Ready(0)`: the end.
    #[inline]
    pub fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        if self.is_new() {
            self.unwait();
            return Poll::Ready(1);
        }
        self.wait(cx)
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
        // Seated, so the next value, or the end, wakes us; look whether it is there already. The end before the value: senders
        // set it, then leave.
        let closed = self.ring.is_closed();
        let ready = usize::from(self.is_new());
        if ready == 0 && !closed {
            return Poll::Pending;
        }
        self.unwait();
        Poll::Ready(ready)
    }

    /// Stops waiting for a value. Nothing is to be passed on: all who sleep are woken.
    #[inline]
    pub fn unwait(&mut self) {
        if core::mem::take(&mut self.waiting) {
            // SAFETY: the stool serves this list only.
            unsafe { self.stool.rise(&self.ring.waiting.0) };
        }
    }

    /// Leaves. The value that is there now can still be popped, while it is there; after it comes the end.
    pub fn close(&mut self) {
        if self.left.is_none() {
            self.unwait();
            self.left = Some(self.ring.look().version());
        }
    }

    /// Nothing will be popped any more.
    pub fn is_ended(&self) -> bool {
        // The end before the value, as in `wait`.
        let closed = self.ring.is_closed();
        let version = self.ring.look().version();
        match self.left {
            Some(last) => self.seen == last || version != last,
            None => closed && self.seen == version,
        }
    }
}

impl<T: Clone + 'static, const SLOTS: usize> Watcher<T, SLOTS> {
    /// A clone of the newest value, if it was not popped before. If `Clone` panics, it counts as popped.
    ///
    /// Nothing is held afterwards, or the sender of the next value would have to look for another slot.
    #[inline]
    pub fn pop(&mut self) -> Option<T> {
        if !self.is_new() {
            return None;
        }
        self.hold();
        let version = self.held.version();
        if self.passed(version) {
            self.release();
            return None;
        }
        self.skip_to(version.wrapping_sub(1) & Current::VERSIONS);
        self.seen = version;
        self.popped = self.popped.wrapping_add(1);
        let slot = self.held.slot()?;
        // SAFETY: as in `get`.
        let value = unsafe { self.ring.slots[slot].value() }.clone();
        self.release();
        Some(value)
    }
}

impl<T: 'static, const SLOTS: usize> Clone for Watcher<T, SLOTS> {
    /// Another watcher, that has seen what this one has, and skipped nothing yet. One that has left gives one that has left.
    ///
    /// # Panics
    ///
    /// When all ends are there already.
    fn clone(&self) -> Self {
        self.ring.enlist();
        Self::at(self.ring.clone(), self.seen, self.left)
    }
}

impl<T: 'static, const SLOTS: usize> Drop for Watcher<T, SLOTS> {
    fn drop(&mut self) {
        self.unwait();
        self.release();
        // After the pin has gone: then somebody else may hold a slot instead.
        self.ring.ends.fetch_sub(1, Relaxed);
    }
}

impl<T: 'static, const SLOTS: usize> core::fmt::Debug for Watcher<T, SLOTS> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Watcher")
            .field("seen", &self.seen)
            .field("ended", &self.is_ended())
            .finish_non_exhaustive()
    }
}

/// What this end pops is its own alone: others see the same.
impl<T: Clone + Send + Sync + 'static, const SLOTS: usize> Reader<T> for Watcher<T, SLOTS> {
    const SHARED: bool = false;

    #[inline]
    fn ready(&mut self) -> usize {
        usize::from(self.is_new())
    }
    #[inline]
    fn pop(&mut self) -> Option<T> {
        self.pop()
    }
    #[inline]
    fn popped(&self) -> usize {
        self.popped
    }
    #[inline]
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
    /// A value was not popped: 1.
    fn len(&self) -> usize {
        let version = self.ring.look().version();
        usize::from(version != self.seen && self.left.is_none_or(|last| last == version))
    }
    fn capacity(&self) -> usize {
        1
    }
    /// Never: nobody waits for watchers.
    #[inline]
    fn peer_asleep(&self) -> bool {
        false
    }
}
