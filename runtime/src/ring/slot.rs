//! Room for one record, between two sides that take turns: a ring without counts and without waiting.

use core::cell::UnsafeCell;
use core::fmt;

use super::sync::{Arc, AtomicU8, Ordering::*, Owned};

const EMPTY: u8 = 0;
const FULL: u8 = 1;

/// The room. Its sides are made together and cannot be cloned, so each operation has one caller at a time.
struct Slot<T> {
    /// [`EMPTY`] or [`FULL`].
    state: AtomicU8,
    record: UnsafeCell<Option<T>>,
    owned: Owned,
}

// SAFETY: `record` is touched by the putter only while `state` is EMPTY, and by the taker only while it is FULL. Each side
// turns it with `Release` when it is done and reads it with `Acquire` before it starts, so their accesses are ordered, and a
// record moves between threads, for which `T: Send` is enough.
unsafe impl<T: Send> Sync for Slot<T> {}

impl<T> Slot<T> {
    #[inline(always)]
    fn is_full(&self) -> bool {
        self.state.load(Acquire) == FULL
    }
}

/// The side that puts a record in.
pub(crate) struct Putter<T> {
    slot: Arc<Slot<T>>,
}

/// The side that takes it out.
pub(crate) struct Taker<T> {
    slot: Arc<Slot<T>>,
}

/// Room for one record, empty.
pub(crate) fn slot<T>() -> (Putter<T>, Taker<T>) {
    let slot = Arc::new(Slot {
        state: AtomicU8::new(EMPTY),
        record: UnsafeCell::new(None),
        owned: Owned::new(),
    });
    (Putter { slot: slot.clone() }, Taker { slot })
}

impl<T> Putter<T> {
    /// Puts what `record` holds in, if there is room; it stays where it is otherwise.
    #[inline]
    pub(crate) fn put(&mut self, record: &mut Option<T>) -> bool {
        if self.slot.is_full() {
            return false;
        }
        self.slot.owned.touch();
        // SAFETY: the slot is empty, so the taker does not touch the record until it is turned, which only this side does;
        // `&mut self` of the one putter keeps another `put` out.
        let room = unsafe { &mut *self.slot.record.get() };
        *room = record.take();
        self.slot.state.store(if room.is_some() { FULL } else { EMPTY }, Release);
        true
    }
}

impl<T> Taker<T> {
    /// Takes the record out, if there is one.
    #[inline]
    pub(crate) fn take(&mut self) -> Option<T> {
        if !self.slot.is_full() {
            return None;
        }
        self.slot.owned.touch();
        // SAFETY: the slot is full, so the putter does not touch the record until it is turned, which only this side does;
        // `&mut self` of the one taker keeps another `take` out.
        let record = unsafe { &mut *self.slot.record.get() }.take();
        self.slot.state.store(EMPTY, Release);
        record
    }
}

impl<T> fmt::Debug for Putter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Putter")
            .field("full", &self.slot.is_full())
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Taker<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Taker")
            .field("full", &self.slot.is_full())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::slot;

    #[test]
    fn holds_one() {
        let (mut putter, mut taker) = slot();
        let (mut first, mut second) = (Some(1), Some(2));
        assert_eq!(taker.take(), None);
        assert!(putter.put(&mut first));
        assert!(!putter.put(&mut second));
        assert_eq!((first, second), (None, Some(2)));
        assert_eq!(taker.take(), Some(1));
        assert!(putter.put(&mut second));
        assert_eq!(taker.take(), Some(2));
        assert_eq!(taker.take(), None);
    }

    #[test]
    fn what_is_left_is_dropped() {
        let record = Arc::new(());
        let (mut putter, taker) = slot();
        assert!(putter.put(&mut Some(record.clone())));
        drop((putter, taker));
        assert_eq!(Arc::strong_count(&record), 1);
    }

    #[test]
    fn the_sides_may_be_on_two_threads() {
        let most = if cfg!(miri) { 100 } else { 100_000 };
        let (mut putter, mut taker) = slot();
        let other = std::thread::spawn(move || {
            for i in 0..most {
                let mut record = Some(Box::new(i));
                while !putter.put(&mut record) {
                    std::thread::yield_now();
                }
            }
        });
        for i in 0..most {
            let record = loop {
                match taker.take() {
                    Some(record) => break record,
                    None => std::thread::yield_now(),
                }
            };
            assert_eq!(*record, i);
        }
        other.join().unwrap();
    }
}
