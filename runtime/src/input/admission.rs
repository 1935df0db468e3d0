//! What an input lets in: `quota 8 per 1s by key`, `limit 1000 per 1s`.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

use super::{Input, ShedPort};
use crate::edge::Reason;
use crate::error::SendError;
use crate::fault::{Bucket, Keys};
use crate::pipeline::counters::Counter;
use crate::record::{Entry, Env};
use crate::ring::PushError;
use crate::ring::mpmc::{Permit, Sender};
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

/// An input that does not let in every record, and the wire of those that it refuses.
pub(crate) struct Door<T> {
    admission: Admission<T>,
    wire: Option<Arc<dyn ShedPort<T>>>,
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

impl<T> Door<T> {
    pub(crate) fn new(admission: Admission<T>, wire: Option<Arc<dyn ShedPort<T>>>) -> Self {
        Door { admission, wire }
    }

    /// Whether a record would be let in.
    pub(super) fn asks(&self, record: &T) -> Result<(), Reason> {
        let Admission { clock, quota, limit } = &self.admission;
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
        let Admission { clock, quota, limit } = &self.admission;
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
    /// Sends a record if it is let in, and there is room now.
    pub(super) fn try_admit(&self, door: &Door<T>, lane: &Sender<Env<T, M>, CAP>, record: T) -> Result<(), SendError<T>> {
        if lane.is_closed() {
            return Err(SendError::Closed(record));
        }
        let pass = match door.enter(&record) {
            Ok(pass) => pass,
            Err(reason) => return self.refuse(door, record, reason),
        };
        match lane.try_push_with(self.entering(record), || self.cell.offered.add(1)) {
            Ok(()) => {
                pass.used();
                Ok(())
            }
            Err(PushError::Closed(x)) => Err(SendError::Closed(x.record)),
            Err(PushError::Full(x)) => {
                drop(pass);
                self.refuse(door, x.record, Reason::Full)
            }
        }
    }

    /// The same, into a slot that was reserved. A slot that is not filled goes to who waits next.
    pub(super) fn admit(&self, door: &Door<T>, slot: Permit<'_, Env<T, M>, CAP>, record: T) -> Result<(), SendError<T>> {
        let pass = match door.enter(&record) {
            Ok(pass) => pass,
            Err(reason) => return self.refuse(door, record, reason),
        };
        slot.send_with(self.entering(record), || self.cell.offered.add(1))
            .map_err(|x| SendError::Closed(x.record))?;
        pass.used();
        Ok(())
    }

    /// To the shed wire, or back.
    fn refuse(&self, door: &Door<T>, record: T, reason: Reason) -> Result<(), SendError<T>> {
        match reason {
            Reason::Quota => self.cell.quota.add(1),
            Reason::Limit => self.cell.limit.add(1),
            Reason::Full | Reason::Closed => {}
        }
        let record = match &door.wire {
            None => record,
            Some(wire) => match self.shed(&**wire, record, reason) {
                Ok(()) => return Err(SendError::Shed),
                Err(record) => record,
            },
        };
        Err(match reason {
            Reason::Full => SendError::Full(record),
            reason => SendError::Refused(record, reason),
        })
    }
}
