//! How the ends of a ring hold it.

use core::ops::Deref;
use std::sync::Arc;

/// A ring, held by one of its ends: a `static`, or shared on the heap.
#[derive(Debug)]
pub enum Held<R: 'static> {
    /// Lives as long as the program.
    Static(&'static R),
    /// Goes with its last end.
    Shared(Arc<R>),
}

impl<R> Deref for Held<R> {
    type Target = R;

    fn deref(&self) -> &R {
        match self {
            Held::Static(ring) => ring,
            Held::Shared(ring) => ring,
        }
    }
}

impl<R> Clone for Held<R> {
    fn clone(&self) -> Self {
        match self {
            Held::Static(ring) => Held::Static(ring),
            Held::Shared(ring) => Held::Shared(Arc::clone(ring)),
        }
    }
}

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
