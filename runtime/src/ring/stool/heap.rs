//! A seat on the heap, an end's own for good.

use core::ptr::NonNull;
use core::task::Waker;

use alloc::boxed::Box;

use super::super::waiters::{Seat, Sleep, Waiters};

/// How many ends of a ring can sleep at a time, of each kind: as many as there are. Without the feature `alloc` they are few.
pub const SEATS: usize = usize::MAX;

/// Where an end waits.
pub(in crate::ring) struct Stool(NonNull<Seat>);

// SAFETY: it owns a `Seat`, which is Send.
unsafe impl Send for Stool {}
// SAFETY: it gives out `&Seat`, which is Sync.
unsafe impl Sync for Stool {}

impl Stool {
    pub(in crate::ring) fn new() -> Self {
        // A raw pointer, not a box: others look at the seat while it is in their list, and a box claims to be alone.
        Stool(NonNull::from(Box::leak(Box::new(Seat::new()))))
    }

    fn seat(&self) -> &Seat {
        // SAFETY: it lives until we are dropped.
        unsafe { self.0.as_ref() }
    }

    /// Goes to the end of `list`: then look again at what you wait for. Called before, and what that was for is gone: it comes again.
    ///
    /// # Safety
    /// It is always the same list, and [left](Self::rise) before this is dropped.
    pub(in crate::ring) unsafe fn sit(&mut self, list: &Waiters, waker: &Waker) {
        // SAFETY: the seat stays where it is; the rest the caller promises.
        while unsafe { list.enlist(self.seat(), waker, 1) } != Sleep::Enlisted {}
    }

    /// Leaves `list`. `Called`: a wake-up was meant for it, to use or to pass on.
    ///
    /// # Safety
    /// It is always the same list.
    pub(in crate::ring) unsafe fn rise(&mut self, list: &Waiters) -> Sleep {
        // SAFETY: as the caller promises.
        unsafe { list.leave(self.seat()) }
    }
}

impl Drop for Stool {
    fn drop(&mut self) {
        // SAFETY: it came from a box, and its owner has left the list.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}
