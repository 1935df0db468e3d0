//! Records that go in and out under somebody's lock: who waits for them is told after it.

use super::super::PushError;
use super::super::sync::Ordering::*;
use super::Sender;

impl<T: 'static, const N: usize> Sender<T, N> {
    /// As [`try_push_with`](Self::try_push_with), and wakes nobody: that is for [`tell_of_one`](Self::tell_of_one).
    pub(crate) fn try_push_quietly(&self, record: T, accepted: impl FnOnce()) -> Result<(), PushError<T>> {
        self.put(record, false, accepted)
    }

    /// A record was pushed quietly.
    pub(crate) fn tell_of_one(&self) {
        self.ring.shown(1);
    }

    /// As [`reclaim`](crate::ring::Writer::reclaim), and wakes nobody: that is for [`tell_of_room`](Self::tell_of_room).
    pub(crate) fn reclaim_quietly(&self) -> Option<T> {
        match self.ring.receivers.load(SeqCst) {
            0 => self.ring.take(),
            _ => None,
        }
    }

    /// A record was reclaimed quietly.
    pub(crate) fn tell_of_room(&self) {
        self.ring.freed(N - 1);
    }
}
