//! What an input lets in: `quota 8 per 1s by key`, `limit 1000 per 1s`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::Input;
use crate::edge::Reason;
use crate::error::SendError;
use crate::fault::{Bucket, Keys};
use crate::pipeline::counters::Counter;
use crate::record::{Entry, Env};
use crate::ring::mpmc::Permit;
use crate::ring::sync::AtomicU64;
use crate::ring::sync::Ordering::Relaxed;
use crate::rt::Clock;

/// What an input lets in. What it refuses uses up nothing.
pub struct Admission<T> {
    clock: Clock,
    quota: Option<Quota<T>>,
    limit: Option<Limit>,
}

struct Quota<T> {
    keys: Arc<Keys>,
    hash: fn(&T, &Keys) -> u64,
}

/// So many of all keys: one bucket, in one number.
struct Limit {
    bucket: Bucket,
    start: Instant,
    /// When the bucket is full.
    full: AtomicU64,
}

impl<T> Admission<T> {
    /// Whatever comes, by the time of this clock.
    pub fn new(clock: Clock) -> Self {
        let (quota, limit) = (None, None);
        Admission { clock, quota, limit }
    }

    /// `quota 8 per 1s by key`
    pub fn quota(mut self, most: u32, span: Duration, hash: fn(&T, &Keys) -> u64) -> Self {
        let keys = Keys::new(most, span, self.clock.now());
        self.quota = Some(Quota { keys, hash });
        self
    }

    /// `limit 1000 per 1s`
    pub fn limit(mut self, most: u32, span: Duration) -> Self {
        let (bucket, start) = (Bucket::new(most, span), self.clock.now());
        let full = AtomicU64::new(0);
        self.limit = Some(Limit { bucket, start, full });
        self
    }
}

impl<T> Quota<T> {
    fn key(&self, record: &T) -> u64 {
        (self.hash)(record, &self.keys)
    }
}

impl Limit {
    fn nanos(&self, now: Instant) -> u64 {
        now.saturating_duration_since(self.start).as_nanos() as u64
    }

    /// When the bucket is full, once a token is taken now; `None`, if there is none.
    fn taken(&self, full: u64, now: u64) -> Option<u64> {
        (self.bucket.from(full, now) == now).then(|| self.bucket.taken(full, now))
    }

    fn try_take(&self, now: Instant) -> bool {
        let now = self.nanos(now);
        self.full.fetch_update(Relaxed, Relaxed, |full| self.taken(full, now)).is_ok()
    }

    fn has(&self, now: Instant) -> bool {
        self.taken(self.full.load(Relaxed), self.nanos(now)).is_some()
    }

    fn give_back(&self) {
        let given_back = |full| Some(self.bucket.given_back(full));
        let _ = self.full.fetch_update(Relaxed, Relaxed, given_back);
    }
}

/// A record that is let in, and not in the ring yet: dropped, it gives back what it has used up.
struct Pass<'a, T> {
    quota: Option<(&'a Quota<T>, u64)>,
    limit: Option<&'a Limit>,
}

impl<T> Pass<'_, T> {
    /// It is in the ring.
    fn used(mut self) {
        (self.quota, self.limit) = (None, None);
    }
}

impl<T> Drop for Pass<'_, T> {
    fn drop(&mut self) {
        if let Some((quota, key)) = self.quota {
            quota.keys.give_back(key);
        }
        if let Some(limit) = self.limit {
            limit.give_back();
        }
    }
}

impl<T> Admission<T> {
    /// Whether a record would be let in.
    pub(super) fn asks(&self, record: &T) -> Result<(), Reason> {
        let Admission { clock, quota, limit } = self;
        let now = clock.now();
        if let Some(quota) = quota
            && !quota.keys.has(quota.key(record), now)
        {
            return Err(Reason::Quota);
        }
        match limit.as_ref().is_none_or(|limit| limit.has(now)) {
            true => Ok(()),
            false => Err(Reason::Limit),
        }
    }

    /// Lets a record in, or says why not.
    fn enter(&self, record: &T) -> Result<Pass<'_, T>, Reason> {
        let Admission { clock, quota, limit } = self;
        let now = clock.now();
        let mut pass = Pass {
            quota: None,
            limit: None,
        };
        if let Some(quota) = quota {
            let key = quota.key(record);
            if !quota.keys.try_take(key, now) {
                return Err(Reason::Quota);
            }
            pass.quota = Some((quota, key));
        }
        if let Some(limit) = limit {
            if !limit.try_take(now) {
                return Err(Reason::Limit);
            }
            pass.limit = Some(limit);
        }
        Ok(pass)
    }
}

impl<T: Send + 'static, const CAP: usize, M: Entry> Input<T, CAP, M> {
    /// The same, which does not let in every record.
    pub(crate) fn admitting(mut self, admission: Admission<T>) -> Self {
        self.admission = Some(Arc::new(admission));
        self.plain = false;
        self
    }

    /// Sends a record if it is let in, and there is room now; a port that lets in not all never waits.
    pub(super) fn attempt_admitted(&self, admission: &Admission<T>, record: T) -> Result<(), SendError<T>> {
        if self.lane(&record).is_closed() {
            return Err(SendError::Closed(record));
        }
        let pass = match admission.enter(&record) {
            Ok(pass) => pass,
            Err(reason) => return self.turn_away(record, reason),
        };
        let sent = match self.attempt_inside(record) {
            Err(SendError::Full(record)) => self.overflow(record),
            sent => sent,
        };
        if sent.is_ok() {
            pass.used();
        }
        sent
    }

    /// The same, into a slot that was reserved. A slot that is not filled goes to who waits next.
    pub(super) fn fill_admitted(
        &self,
        admission: &Admission<T>,
        slot: Permit<'_, Env<T, M>, CAP>,
        record: T,
    ) -> Result<(), SendError<T>> {
        if self.lane(&record).is_closed() {
            return Err(SendError::Closed(record));
        }
        let pass = match admission.enter(&record) {
            Ok(pass) => pass,
            Err(reason) => return self.turn_away(record, reason),
        };
        self.fill_inside(slot, record)?;
        pass.used();
        Ok(())
    }

    fn turn_away(&self, record: T, reason: Reason) -> Result<(), SendError<T>> {
        match reason {
            Reason::Quota => self.cell.quota.add(1),
            Reason::Limit => self.cell.limit.add(1),
            Reason::Full | Reason::Closed | Reason::Displaced => {}
        }
        self.refuse(record, reason)
    }
}

#[cfg(all(test, forebay_loom))]
#[path = "admission_model.rs"]
mod model;
