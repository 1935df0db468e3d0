//! A slot: a value, and who has to do with it.

use super::super::discard;
use super::super::sync::{AtomicUsize, Ordering::*, Places, const_new};

/// Somebody has the slot alone.
const BUSY: usize = 1 << (usize::BITS - 1);
/// It holds a value that may be the current one.
const LIVE: usize = 1 << (usize::BITS - 2);
/// It holds a value that was replaced.
const OLD: usize = 1 << (usize::BITS - 3);
/// The other bits count the pins.
const PINS: usize = OLD - 1;

/// A slot is free (zero), then busy, then live, then old, then busy again while its value is taken out, and free.
#[repr(C)]
pub(super) struct Slot<T> {
    word: AtomicUsize,
    value: Places<T, 1, 1>,
    /// Neighbours are used by others.
    _room: [u8; 120],
}

impl<T> Slot<T> {
    const_new! {
        pub(super) fn new() -> Self {
            Slot { word: AtomicUsize::new(0), value: Places::new(), _room: [0; 120] }
        }
    }

    /// Takes the slot if it is free. Acquire: what all before us did with it is over.
    pub(super) fn claim(&self) -> bool {
        self.word.load(Relaxed) == 0 && self.word.compare_exchange(0, BUSY, Acquire, Relaxed).is_ok()
    }

    /// Puts a value in.
    ///
    /// # Safety
    /// The caller has claimed the slot, and it is empty.
    #[inline]
    pub(super) unsafe fn fill(&self, value: T) {
        // SAFETY: claimed by the caller, so it is nobody else's. Somebody who came too late may have pinned it, but sees that it is not
        // live, and looks at nothing.
        unsafe { self.value.write(0, value) };
    }

    /// Puts another value in the place of the one that was put in last, which is dropped.
    ///
    /// # Safety
    /// The caller has claimed the slot and [filled](Self::fill) it.
    #[inline]
    pub(super) unsafe fn refill(&self, value: T) {
        // SAFETY: as in `fill`, and there is a value.
        discard(unsafe { self.value.replace(0, value) });
    }

    /// Its value may become the current one.
    ///
    /// # Safety
    /// The caller has claimed the slot and filled it, and does so no longer.
    pub(super) unsafe fn show(&self) {
        // Release: for who looks at it, and for who drops it.
        self.word.fetch_xor(BUSY | LIVE, Release);
    }

    /// Gives back a slot that was claimed and not filled.
    pub(super) fn free(&self) {
        // Somebody may have pinned it in vain, so this is not a store.
        self.word.fetch_sub(BUSY, Release);
    }

    /// Another value is current now. If nobody looks at this one it is dropped, and the slot is the caller's, as if claimed: true.
    /// Otherwise the last who looks sees to that.
    ///
    /// # Safety
    /// It was current, and the caller alone has replaced it.
    pub(super) unsafe fn retire(&self) -> bool {
        // Acquire: those who looked at it have done so. Release, here and below: who finds the slot not live, or live again, knows
        // that it was replaced.
        if self.word.compare_exchange(LIVE, BUSY, AcqRel, Relaxed).is_ok() {
            // SAFETY: it held a value, and the exchange has made the slot ours alone.
            discard(unsafe { self.value.read(0) });
            return true;
        }
        if self.word.fetch_xor(LIVE | OLD, AcqRel) & PINS == 0 {
            self.clear();
        }
        false
    }

    /// Keeps what is in it from being replaced; whether it is a live value. To be unpinned in any case.
    ///
    /// Acquire: the value is to be seen; and if the slot had been replaced before, that.
    #[inline]
    pub(super) fn pin(&self) -> bool {
        self.word.fetch_add(1, Acquire) & LIVE != 0
    }

    /// Lets go; the last to do so clears an old value.
    #[inline]
    pub(super) fn unpin(&self) {
        if self.word.fetch_sub(1, Release) == OLD | 1 {
            self.clear();
        }
    }

    /// Drops an old value that nobody looks at.
    #[cold]
    fn clear(&self) {
        // Somebody may have pinned it again, in vain: then that one clears it. Acquire: those who looked at it have done so.
        if self.word.compare_exchange(OLD, BUSY, Acquire, Relaxed).is_ok() {
            // SAFETY: it held a value, and the exchange has made the slot ours alone.
            let value = unsafe { self.value.read(0) };
            self.free();
            discard(value);
        }
    }

    /// Looks at the value.
    ///
    /// # Safety
    /// The caller has pinned the slot, and it was live; it stays pinned as long as the reference is used.
    #[inline]
    pub(super) unsafe fn value(&self) -> &T {
        // SAFETY: pinned while it was live, so nobody takes it out.
        unsafe { self.value.get(0) }
    }

    /// The value that is left, if any.
    pub(super) fn take(&mut self) -> Option<T> {
        let word = self.word.load(Relaxed);
        self.word.store(0, Relaxed);
        // SAFETY: it holds a value, is ours alone by `&mut`, and says that it is empty from here on.
        (word & (LIVE | OLD) != 0).then(|| unsafe { self.value.read(0) })
    }
}
