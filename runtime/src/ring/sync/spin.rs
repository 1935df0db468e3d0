//! A lock without an operating system: who waits turns round and round.
//!
//! An interrupt handler that met the lock of what it has interrupted would do so for ever.

use core::cell::UnsafeCell;

use super::{AtomicU8, Ordering::*, Owned, const_new, relax};

const FREE: u8 = 0;
const HELD: u8 = 1;

/// Guards a value.
pub(in crate::ring) struct Spin<T> {
    /// [`FREE`] or [`HELD`].
    state: AtomicU8,
    value: UnsafeCell<T>,
    owned: Owned,
}

// SAFETY: the value is touched by who has turned `state` from FREE to HELD, until that one turns it back: one at a time. It is
// given from one to the next by the Release store and the Acquire exchange, for which `T: Send` is enough.
unsafe impl<T: Send> Sync for Spin<T> {}

/// Lets go, should what runs under the lock panic too.
struct Hold<'a>(&'a AtomicU8);

impl Drop for Hold<'_> {
    fn drop(&mut self) {
        self.0.store(FREE, Release);
    }
}

impl<T> Spin<T> {
    const_new! {
        pub(in crate::ring) fn new(value: T) -> Self {
            Spin { state: AtomicU8::new(FREE), value: UnsafeCell::new(value), owned: Owned::new() }
        }
    }

    pub(in crate::ring) fn with<R>(&self, act: impl FnOnce(&mut T) -> R) -> R {
        while self.state.compare_exchange_weak(FREE, HELD, Acquire, Relaxed).is_err() {
            relax();
        }
        let _hold = Hold(&self.state);
        self.owned.touch();
        // SAFETY: the exchange has made us the one that may touch it, until `_hold` goes, after `act`.
        act(unsafe { &mut *self.value.get() })
    }
}
