//! A flag, as the checkers have it: the byte that it is.

use super::{AtomicU8, Ordering};

/// Yes or no.
#[derive(Debug)]
pub(crate) struct AtomicBool(AtomicU8);

impl AtomicBool {
    pub(crate) fn new(value: bool) -> Self {
        AtomicBool(AtomicU8::new(value.into()))
    }
    #[track_caller]
    pub(crate) fn load(&self, order: Ordering) -> bool {
        self.0.load(order) != 0
    }
    #[track_caller]
    pub(crate) fn store(&self, value: bool, order: Ordering) {
        self.0.store(value.into(), order);
    }
    #[track_caller]
    pub(crate) fn swap(&self, value: bool, order: Ordering) -> bool {
        self.0.swap(value.into(), order) != 0
    }
}
