//! What becomes of a record that comes now, and of one that has got a slot.

use std::collections::VecDeque;

use super::{Input, WhenFull};
use crate::edge::Reason;
use crate::error::SendError;
use crate::pipeline::counters::Counter;
use crate::record::{Entry, Env};
use crate::ring::PushError;
use crate::ring::mpmc::{Permit, Sender};

impl<T: Send + 'static, const CAP: usize, M: Entry> Input<T, CAP, M> {
    /// Puts a record into its lane if there is room now. A full ring gives it back, whatever the port does with it then.
    #[inline]
    pub(super) fn attempt(&self, record: T) -> Result<(), SendError<T>> {
        if !self.plain {
            return self.attempt_specially(record);
        }
        self.put(self.lane(&record), record)
    }

    #[inline]
    pub(super) fn put(&self, lane: &Sender<Env<T, M>, CAP>, record: T) -> Result<(), SendError<T>> {
        match lane.try_push_with(self.entering(record), || self.cell.offered.add(1)) {
            Ok(()) => Ok(()),
            Err(PushError::Closed(x)) => Err(SendError::Closed(x.record)),
            Err(PushError::Full(x)) => Err(SendError::Full(x.record)),
        }
    }

    /// The same, and what a full ring does not take stays.
    pub(super) fn attempt_all(&self, records: &mut VecDeque<T>) -> Result<(), SendError<()>> {
        self.each(records, Self::attempt)
    }

    pub(super) fn each(
        &self,
        records: &mut VecDeque<T>,
        one: impl Fn(&Self, T) -> Result<(), SendError<T>>,
    ) -> Result<(), SendError<()>> {
        if let ([lane], true) = (&*self.lanes, self.plain) {
            while !records.is_empty() {
                let meta = M::enter(&self.clock);
                let wrap = |record| Env {
                    record,
                    meta: meta.clone(),
                };
                match lane.try_push_all(records, wrap, |run| self.cell.offered.add(run as u64)) {
                    Ok(_) => {}
                    Err(PushError::Closed(())) => return Err(SendError::Closed(())),
                    Err(PushError::Full(())) => break,
                }
            }
        }
        let mut shed = false;
        while let Some(record) = records.pop_front() {
            let (record, refused) = match one(self, record) {
                Ok(()) => continue,
                Err(SendError::Shed) => {
                    shed = true;
                    continue;
                }
                Err(SendError::Full(record)) => (record, SendError::Full(())),
                Err(SendError::Closed(record)) => (record, SendError::Closed(())),
                Err(SendError::Refused(record, reason)) => (record, SendError::Refused((), reason)),
            };
            records.push_front(record);
            return Err(refused);
        }
        if shed { Err(SendError::Shed) } else { Ok(()) }
    }

    /// The ring is full, and this does not wait (any longer): the record displaces a lesser one, goes to the shed wire, or back.
    #[inline(never)]
    pub(super) fn full(&self, record: T) -> Result<(), SendError<T>> {
        match &self.admission {
            None => self.overflow(record),
            // The attempt has done all that.
            Some(_) => Err(SendError::Full(record)),
        }
    }

    pub(super) fn overflow(&self, record: T) -> Result<(), SendError<T>> {
        match self.sort.sharing() {
            Some(levels) => self.displace(levels, record),
            None => self.refuse(record, Reason::Full),
        }
    }

    /// The record goes to the shed wire, or back.
    pub(super) fn refuse(&self, record: T, reason: Reason) -> Result<(), SendError<T>> {
        let back = |record| match reason {
            Reason::Full => SendError::Full(record),
            reason => SendError::Refused(record, reason),
        };
        let Some(wire) = self.full.wire() else {
            return Err(back(record));
        };
        match wire.shed(record, reason) {
            Ok(()) => {
                // It was offered, and refused for good.
                self.cell.offered.add(1);
                self.cell.shed.add(1);
                Err(SendError::Shed)
            }
            Err(record) => Err(back(record)),
        }
    }

    /// [`attempt`](Self::attempt), where something is to be done besides.
    #[inline(never)]
    pub(super) fn attempt_specially(&self, record: T) -> Result<(), SendError<T>> {
        match &self.admission {
            Some(admission) => self.attempt_admitted(admission, record),
            None => self.attempt_inside(record),
        }
    }

    /// The same for a record that is let in.
    pub(super) fn attempt_inside(&self, record: T) -> Result<(), SendError<T>> {
        match (&self.backlogs, self.sort.sharing()) {
            (Some(backlogs), _) => self.attempt_coalescing(backlogs, record),
            (None, Some(levels)) => self.attempt_sharing(levels, record),
            (None, None) => match self.full {
                WhenFull::DropOldest => self.evict(self.lane(&record), record),
                _ => self.put(self.lane(&record), record),
            },
        }
    }

    pub(super) fn evict(&self, lane: &Sender<Env<T, M>, CAP>, record: T) -> Result<(), SendError<T>> {
        let evicted = |oldest| {
            self.cell.lost.add(1);
            drop(oldest);
        };
        match lane.push_evict(self.entering(record), || self.cell.offered.add(1), evicted) {
            Ok(_) => Ok(()),
            Err(PushError::Closed(x)) => Err(SendError::Closed(x.record)),
            Err(PushError::Full(x)) => Err(SendError::Full(x.record)),
        }
    }

    pub(super) fn fill(&self, slot: Permit<'_, Env<T, M>, CAP>, record: T) -> Result<(), SendError<T>> {
        match &self.admission {
            Some(admission) => self.fill_admitted(admission, slot, record),
            None => self.fill_inside(slot, record),
        }
    }

    pub(super) fn fill_inside(&self, slot: Permit<'_, Env<T, M>, CAP>, record: T) -> Result<(), SendError<T>> {
        if let Some(backlogs) = &self.backlogs {
            return self.fill_coalescing(backlogs, slot, record);
        }
        if let Some(levels) = self.sort.sharing() {
            return self.fill_sharing(levels, slot, record);
        }
        slot.send_with(self.entering(record), || self.cell.offered.add(1))
            .map_err(|x| SendError::Closed(x.record))
    }
}
