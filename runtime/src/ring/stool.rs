//! The seat of an end that waits again and again.

use core::ops::Deref;
use core::ptr::NonNull;

use super::waiters::Seat;

/// A seat at a fixed place, so that the end that owns it can move.
pub(super) struct Stool(NonNull<Seat>);

// SAFETY: it owns a `Seat`, which is Send.
unsafe impl Send for Stool {}
// SAFETY: it gives out `&Seat`, which is Sync.
unsafe impl Sync for Stool {}

impl Stool {
    pub(super) fn new() -> Self {
        // A raw pointer, not a box: others look at the seat while it is in their list, and a box claims to be alone.
        Stool(NonNull::from(Box::leak(Box::new(Seat::new()))))
    }
}

impl Deref for Stool {
    type Target = Seat;

    fn deref(&self) -> &Seat {
        // SAFETY: it lives until we are dropped.
        unsafe { self.0.as_ref() }
    }
}

impl Drop for Stool {
    fn drop(&mut self) {
        // SAFETY: it came from a box, and its owner has left the list.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}
