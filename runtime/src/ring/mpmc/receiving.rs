//! Where receivers sleep.

use super::super::sync::const_new;
use super::super::wait::Wait;
use super::super::waiters::Waiters;

/// Receivers sleep in a list, a [`Sole`](super::sole::Sole) in a place of its own.
pub(super) struct Receiving {
    pub(super) any: Waiters,
    pub(super) sole: Wait,
}

impl Receiving {
    const_new! {
        pub(super) fn new() -> Self {
            Receiving {
                any: Waiters::new(),
                sole: Wait::new(),
            }
        }
    }

    /// Somebody sleeps: a relaxed look. After a handshake it does not miss who slept before.
    #[inline(always)]
    pub(super) fn is_waiting(&self) -> bool {
        self.any.is_waiting() || self.sole.is_waiting()
    }

    /// Wakes the first `most` sleepers.
    #[cold]
    pub(super) fn wake(&self, most: usize) {
        if self.sole.is_waiting() {
            self.sole.wake();
        }
        self.any.wake(most);
    }

    /// Wakes all.
    #[cold]
    pub(super) fn wake_all(&self) {
        self.wake(usize::MAX);
    }
}
