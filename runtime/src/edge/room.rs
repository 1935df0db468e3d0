//! Room that several lanes share.

use crate::ring::mpmc::Sender;
use crate::ring::sync::AtomicUsize;
use crate::ring::sync::Ordering::{AcqRel, Acquire, Relaxed};

/// How many records are in lanes that hold so many together.
///
/// Counted up before a record is pushed, and down after it was popped: so no more are in the lanes than are counted, and who has been
/// counted finds a slot, each lane having as many as all of them may hold.
#[derive(Debug)]
pub struct Room {
    used: AtomicUsize,
    most: usize,
}

impl Room {
    /// For so many records.
    pub(crate) fn new(most: usize) -> Self {
        Room {
            used: AtomicUsize::new(0),
            most,
        }
    }

    /// Nothing is left.
    pub(crate) fn is_used_up(&self) -> bool {
        self.used.load(Acquire) >= self.most
    }

    /// Counts one more, if there is room for it.
    pub(crate) fn claim(&self) -> bool {
        let more = |used| (used < self.most).then_some(used + 1);
        self.used.fetch_update(AcqRel, Relaxed, more).is_ok()
    }

    /// Counts one more in any case: it has a slot that was reserved.
    pub(crate) fn claim_beyond(&self) {
        self.used.fetch_add(1, AcqRel);
    }

    /// Counts one less.
    pub(crate) fn give(&self) {
        self.used.fetch_sub(1, AcqRel);
    }

    /// Room for what is meant for `lane`, the most urgent first: what is left, or that of the oldest of the least urgent records which
    /// matter less. That one comes out.
    pub(crate) fn make<T: Send, const N: usize>(&self, lanes: &[Sender<T, N>], lane: usize) -> Option<Option<T>> {
        if self.claim() {
            return Some(None);
        }
        lanes[lane + 1..].iter().rev().find_map(Sender::take_oldest).map(Some)
    }
}
