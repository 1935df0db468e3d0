//! A bucket for each key: `rate: 100 per 1s by key`, `quota 8 per 1s by key`.

use core::hash::{BuildHasher, Hash};
use std::collections::HashMap;
use std::hash::RandomState;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rustc_hash::FxBuildHasher;

use crate::fault::bucket::Bucket;
use crate::record::Keyed;

/// How many keys are remembered at once.
pub(crate) const KEYS: usize = 4096;

/// A bucket of tokens for each key, in a table of bounded size.
///
/// A key is remembered while its bucket is not full, and only then: a full bucket is that of a key which nobody has heard of.
/// 4096 are remembered at once. When there are as many, a key that is not among them waits, or is refused, until the bucket
/// of one of them is full; so no key ever has more than its share, however many there are.
///
/// A key is its hash, with a seed of its own for each table: nobody can make two keys that share a bucket.
pub struct Keys {
    bucket: Bucket,
    hasher: RandomState,
    start: Instant,
    table: Mutex<Table>,
}

struct Table {
    /// When the bucket of each key is full.
    full: HashMap<u64, u64, FxBuildHasher>,
    most: usize,
    /// Before this time no bucket is full.
    first: u64,
}

/// When a key may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turn {
    /// From then on: a token is taken.
    From(Instant),
    /// No more keys can be remembered: ask again then.
    Ask(Instant),
    /// Its turn would come too late: nothing is taken.
    Late,
}

impl Keys {
    /// So many in each span, for each key; `start` is now.
    pub fn new(most: u32, span: Duration, start: Instant) -> Arc<Self> {
        Keys::bounded(KEYS, most, span, start)
    }

    fn bounded(keys: usize, most: u32, span: Duration, start: Instant) -> Arc<Self> {
        Arc::new(Keys {
            bucket: Bucket::new(most, span),
            hasher: RandomState::new(),
            start,
            table: Mutex::new(Table {
                // Twice as large as it is ever full, so that it never grows.
                full: HashMap::with_capacity_and_hasher(2 * keys, FxBuildHasher),
                most: keys,
                first: 0,
            }),
        })
    }

    /// The hash of a key, for this table.
    pub fn hash<K: Hash + ?Sized>(&self, key: &K) -> u64 {
        self.hasher.hash_one(key)
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn nanos(&self, at: Instant) -> u64 {
        at.saturating_duration_since(self.start).as_nanos() as u64
    }

    fn instant(&self, nanos: u64) -> Instant {
        self.start + Duration::from_nanos(nanos)
    }

    /// The next token of `key`, now or later; none after `late`.
    pub(crate) fn take(&self, key: u64, now: Instant, late: Option<Instant>) -> Turn {
        let (now, late) = (self.nanos(now), late.map(|late| self.nanos(late)));
        let mut table = self.lock();
        let full = match table.find(key, now) {
            Ok(full) => full,
            Err(first) => return Turn::Ask(self.instant(first)),
        };
        let from = self.bucket.from(full, now);
        if late.is_some_and(|late| late < from) {
            return Turn::Late;
        }
        table.set(key, self.bucket.taken(full, from));
        Turn::From(self.instant(from))
    }

    /// Takes a token of `key`, if there is one now.
    pub(crate) fn try_take(&self, key: u64, now: Instant) -> bool {
        let now = self.nanos(now);
        let mut table = self.lock();
        match table.find(key, now) {
            Ok(full) if self.bucket.from(full, now) == now => {
                table.set(key, self.bucket.taken(full, now));
                true
            }
            _ => false,
        }
    }

    /// Whether [`try_take`](Self::try_take) would find one. It takes none.
    pub(crate) fn has(&self, key: u64, now: Instant) -> bool {
        let now = self.nanos(now);
        self.lock()
            .find(key, now)
            .is_ok_and(|full| self.bucket.from(full, now) == now)
    }

    /// A token that was taken is not used.
    pub(crate) fn give_back(&self, key: u64) {
        if let Some(full) = self.lock().full.get_mut(&key) {
            *full = self.bucket.given_back(*full);
        }
    }
}

impl Table {
    /// The bucket of `key` is full at that time.
    fn set(&mut self, key: u64, full: u64) {
        self.full.insert(key, full);
        self.first = self.first.min(full);
    }

    /// When the bucket of `key` is full. The error: it cannot be remembered before that time.
    fn find(&mut self, key: u64, now: u64) -> Result<u64, u64> {
        if let Some(full) = self.full.get(&key) {
            return Ok(*full);
        }
        if self.full.len() < self.most {
            return Ok(now);
        }
        if self.first <= now {
            self.full.retain(|_, full| *full > now);
            self.first = self.full.values().copied().min().unwrap_or(u64::MAX);
        }
        match self.full.len() < self.most {
            true => Ok(now),
            // (One that was given back is full a little sooner: that is seen a little later.)
            false => Err(self.first),
        }
    }
}

/// The hash of a record's `#[key]`, for this table.
pub fn key_in<T: Keyed>(record: &T, keys: &Keys) -> u64 {
    keys.hash(record.key())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(count: usize, most: u32) -> (Arc<Keys>, impl Fn(u64) -> Instant) {
        let start = Instant::now();
        let keys = Keys::bounded(count, most, Duration::from_secs(1), start);
        (keys, move |millis| start + Duration::from_millis(millis))
    }

    #[test]
    fn each_key_has_its_own_share() {
        let (keys, at) = keys(10, 2);
        for key in 0..5 {
            assert_eq!(keys.take(key, at(0), None), Turn::From(at(0)));
            assert_eq!(keys.take(key, at(0), None), Turn::From(at(0)));
            assert_eq!(keys.take(key, at(0), None), Turn::From(at(500)));
            assert_eq!(keys.take(key, at(100), Some(at(999))), Turn::Late);
            assert_eq!(keys.take(key, at(100), Some(at(1000))), Turn::From(at(1000)));
        }
    }

    #[test]
    fn a_query_takes_nothing() {
        let (keys, at) = keys(10, 1);
        for _ in 0..100 {
            assert!(keys.has(7, at(0)));
        }
        assert!(keys.try_take(7, at(0)) && !keys.try_take(7, at(999)) && !keys.has(7, at(999)));
        for _ in 0..100 {
            assert!(!keys.try_take(7, at(999)), "nor does what is refused");
        }
        assert!(keys.try_take(7, at(1000)));
        keys.give_back(7);
        assert!(keys.try_take(7, at(1000)) && !keys.try_take(7, at(1000)));
    }

    #[test]
    fn keys_are_bounded_and_none_has_more_than_its_share() {
        let (keys, at) = keys(3, 2);
        // One token each: full again after half a second; key 0 has taken two.
        assert!(keys.try_take(0, at(0)) && keys.try_take(0, at(0)));
        assert!(keys.try_take(1, at(100)) && keys.try_take(2, at(200)));
        // No room for another key, whatever is asked, before one of them is forgotten.
        assert!(!keys.try_take(3, at(200)) && !keys.has(3, at(599)));
        assert_eq!(keys.take(3, at(200), None), Turn::Ask(at(600)));
        assert!(
            !keys.try_take(0, at(200)) && keys.try_take(2, at(200)),
            "those that are known go on"
        );
        assert_eq!(keys.take(3, at(600), None), Turn::From(at(600)));
        assert_eq!(keys.lock().full.len(), 3);
        // Key 0 was not forgotten before its bucket was full.
        assert!(keys.try_take(0, at(600)) && !keys.try_take(0, at(600)));
    }

    #[test]
    fn keys_come_and_go_for_ever() {
        let (keys, at) = keys(3, 2);
        for key in 0..30 {
            // All that were here before are full again.
            assert_eq!(keys.take(key, at(1000 * key), None), Turn::From(at(1000 * key)), "{key}");
        }
    }

    #[test]
    fn the_table_does_not_grow() {
        let (keys, at) = keys(100, 4);
        let room = keys.lock().full.capacity();
        for key in 0..100_000 {
            let _ = keys.try_take(key, at(key / 10));
        }
        assert!(keys.lock().full.capacity() <= room && keys.lock().full.len() <= 100);
    }
}
