//! The newest value of a topic, as a stage borrows it.

use crate::record::Env;
use crate::ring::latest::Watcher;

/// The newest value of a `[latest = expr]` topic: what a node holds that has the topic among its resources.
pub struct Newest<T: 'static, M: 'static, const SLOTS: usize> {
    watcher: Watcher<Env<T, M>, SLOTS>,
}

impl<T, M, const SLOTS: usize> Newest<T, M, SLOTS> {
    pub(crate) fn new(watcher: Watcher<Env<T, M>, SLOTS>) -> Self {
        // The node may be beside who sets the value, and after it.
        Newest { watcher: watcher.lent() }
    }

    /// The value that is the newest now. It stays where it is, as it is, for as long as the stage works with it; whoever sets
    /// another does not wait.
    #[inline]
    pub fn get(&mut self) -> &T {
        &self.watcher.get().expect("a topic that is lent has a first value").record
    }
}
