//! Which lane of a port a record goes to.

use crate::edge::{Ranks, lane_of};

/// What decides about the lane of a record.
pub(crate) enum Sort<T> {
    /// There is one.
    One,
    /// One for each worker, by key.
    Key(fn(&T) -> u64),
    /// One for each level of a priority; all of them for each worker, where a key decides.
    Ranked(Ranks<T>, Option<fn(&T) -> u64>),
}

impl<T> Clone for Sort<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Sort<T> {}

impl<T> Sort<T> {
    /// By this key, if there is one.
    pub(crate) fn by(key: Option<fn(&T) -> u64>) -> Self {
        key.map_or(Sort::One, Sort::Key)
    }

    /// The same with lanes for each level.
    pub(crate) fn ranked(self, ranks: Ranks<T>) -> Self {
        match self {
            Sort::Key(key) | Sort::Ranked(_, Some(key)) => Sort::Ranked(ranks, Some(key)),
            Sort::One | Sort::Ranked(_, None) => Sort::Ranked(ranks, None),
        }
    }

    /// The lane of a record, of so many.
    #[inline]
    pub(crate) fn lane(&self, record: &T, lanes: usize) -> usize {
        match self {
            Sort::One => 0,
            Sort::Key(key) => lane_of(key(record), lanes),
            Sort::Ranked(ranks, key) => {
                let worker = key.map_or(0, |key| lane_of(key(record), lanes / ranks.levels));
                worker * ranks.levels + ranks.lane(record)
            }
        }
    }

    /// How many lanes share their room.
    pub(crate) fn sharing(&self) -> Option<usize> {
        match self {
            Sort::Ranked(ranks, _) if ranks.shares => Some(ranks.levels),
            _ => None,
        }
    }
}
