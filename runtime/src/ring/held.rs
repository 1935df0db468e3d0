//! How the ends of a ring hold it.

use core::ops::Deref;
use core::ptr::NonNull;

#[cfg(feature = "alloc")]
use super::sync::Arc;

/// A ring, held by one of its ends: a `static`, or shared on the heap.
#[derive(Debug)]
pub enum Held<R: 'static> {
    /// Lives as long as the program.
    Static(&'static R),
    /// Goes with its last end.
    #[cfg(feature = "alloc")]
    Shared(Arc<R>),
}

impl<R> Deref for Held<R> {
    type Target = R;

    fn deref(&self) -> &R {
        match self {
            Held::Static(ring) => ring,
            #[cfg(feature = "alloc")]
            Held::Shared(ring) => ring,
        }
    }
}

impl<R> Clone for Held<R> {
    fn clone(&self) -> Self {
        match self {
            Held::Static(ring) => Held::Static(ring),
            #[cfg(feature = "alloc")]
            Held::Shared(ring) => Held::Shared(Arc::clone(ring)),
        }
    }
}

#[cfg(feature = "alloc")]
impl<R> From<Arc<R>> for Held<R> {
    fn from(ring: Arc<R>) -> Self {
        Held::Shared(ring)
    }
}

impl<R> From<&'static R> for Held<R> {
    fn from(ring: &'static R) -> Self {
        Held::Static(ring)
    }
}

/// A [`Held`] with the address at hand: no branch on the hot path.
pub(super) struct Grip<R: 'static> {
    ring: NonNull<R>,
    /// Keeps it alive.
    held: Held<R>,
}

// SAFETY: it is a shared reference to `R` and, with `Arc`, may drop it.
unsafe impl<R: Send + Sync> Send for Grip<R> {}
// SAFETY: it gives out nothing but `&R`.
unsafe impl<R: Send + Sync> Sync for Grip<R> {}

impl<R> Clone for Grip<R> {
    fn clone(&self) -> Self {
        Grip::new(self.held.clone())
    }
}

impl<R> Grip<R> {
    pub(super) fn new(held: Held<R>) -> Self {
        Grip {
            ring: NonNull::from(&*held),
            held,
        }
    }

    pub(super) fn held(&self) -> &Held<R> {
        &self.held
    }
}

impl<R> Deref for Grip<R> {
    type Target = R;

    #[inline(always)]
    fn deref(&self) -> &R {
        // SAFETY: `held` keeps the ring where it is for as long as we live.
        unsafe { self.ring.as_ref() }
    }
}
