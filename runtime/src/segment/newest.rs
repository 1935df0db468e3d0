//! The newest value of a topic, as a stage borrows it.

use core::ops::Deref;

use crate::record::Env;
use crate::ring::latest::{Guard, Watcher};

/// The newest value of a `[latest = expr]` topic: what a node holds that has the topic among its resources.
pub struct Newest<T: 'static, M: 'static, const SLOTS: usize> {
    watcher: Watcher<Env<T, M>, SLOTS>,
}

impl<T, M, const SLOTS: usize> Newest<T, M, SLOTS> {
    pub(crate) fn new(watcher: Watcher<Env<T, M>, SLOTS>) -> Self {
        Newest { watcher }
    }

    /// The value that is the newest now. It stays where it is, as it is, for as long as the stage works with it; whoever sets
    /// another does not wait.
    #[inline]
    pub fn get(&mut self) -> Lent<'_, T, M, SLOTS> {
        Lent(self.watcher.get().expect("a topic that is lent has a first value"))
    }
}

/// See [`Newest::get`].
pub struct Lent<'a, T: 'static, M: 'static, const SLOTS: usize>(Guard<'a, Env<T, M>, SLOTS>);

impl<T, M, const SLOTS: usize> Deref for Lent<'_, T, M, SLOTS> {
    type Target = T;

    #[inline]
    fn deref(&self) -> &T {
        &self.0.record
    }
}
