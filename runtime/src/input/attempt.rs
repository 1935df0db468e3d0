//! What becomes of a record that comes now, and of one that has got a slot.

use std::collections::VecDeque;

use super::{Input, WhenFull};
use crate::edge::{Reason, discard};
use crate::error::SendError;
use crate::pipeline::counters::Counter;
use crate::record::{Entry, Env};
use crate::ring::PushError;
use crate::ring::mpmc::{Permit, Permits, Sender};

impl<T: Send + 'static, const CAP: usize, M: Entry> Input<T, CAP, M> {
    /// Puts a record into its lane if there is room now. A full ring gives it back, whatever the port does with it then.
    #[inline]
    pub(super) fn attempt(&self, record: T) -> Result<(), SendError<T>> {
        let lane = match self.sole_lane() {
            Some(lane) => lane,
            None if self.plain => self.lane(&record),
            None => return self.attempt_specially(record),
        };
        self.put(lane, record)
    }

    #[inline]
    pub(super) fn put(&self, lane: &Sender<Env<T, M>, CAP>, record: T) -> Result<(), SendError<T>> {
        let offered = self.cell.offered.hand();
        match lane.try_push_with(self.entering(record), || offered.add(1)) {
            Ok(()) => Ok(()),
            Err(PushError::Closed(x)) => Err(SendError::Closed(x.record)),
            Err(PushError::Full(x)) => Err(SendError::Full(x.record)),
        }
    }

    /// The lane of all records, where there is nothing more to it than to put them there: they go by runs.
    fn sole_lane(&self) -> Option<&Sender<Env<T, M>, CAP>> {
        match &*self.lanes {
            [lane] if self.plain => Some(lane),
            _ => None,
        }
    }

    /// How many of `records` can use slots that are free at the same time.
    pub(super) fn run_of(&self, records: &VecDeque<T>) -> usize {
        self.sole_lane().map_or(1, |_| records.len())
    }

    /// [`attempt`](Self::attempt) for all of them; what a full ring does not take stays.
    pub(super) fn attempt_all(&self, records: &mut VecDeque<T>) -> Result<(), SendError<()>> {
        match self.sole_lane() {
            Some(lane) => self.put_all(lane, records),
            None => self.each(records, Self::attempt),
        }
    }

    /// [`try_send`](Self::try_send) for all of them.
    pub(super) fn try_all(&self, records: &mut VecDeque<T>) -> Result<(), SendError<()>> {
        if let Some(lane) = self.sole_lane() {
            match self.put_all(lane, records) {
                Err(SendError::Full(())) => {}
                sent => return sent,
            }
        }
        self.each(records, Self::try_send)
    }

    fn put_all(&self, lane: &Sender<Env<T, M>, CAP>, records: &mut VecDeque<T>) -> Result<(), SendError<()>> {
        let offered = self.cell.offered.hand();
        while !records.is_empty() {
            match lane.try_push_run(records, self.entering_all(), |run| offered.add(run as u64)) {
                Ok(_) => {}
                Err(PushError::Closed(())) => return Err(SendError::Closed(())),
                Err(PushError::Full(())) => return Err(SendError::Full(())),
            }
        }
        Ok(())
    }

    /// Records that come in now, all at the same time.
    fn entering_all(&self) -> impl FnMut(T) -> Env<T, M> + use<T, CAP, M> {
        let meta = M::enter(&self.clock);
        move |record| Env {
            record,
            meta: meta.clone(),
        }
    }

    /// What `one` does, with the first of `records`; one that is refused stays.
    pub(super) fn first(
        &self,
        records: &mut VecDeque<T>,
        one: impl FnOnce(&Self, T) -> Result<(), SendError<T>>,
    ) -> Result<(), SendError<()>> {
        let Some(record) = records.pop_front() else { return Ok(()) };
        let (record, refused) = match one(self, record) {
            Ok(()) => return Ok(()),
            Err(SendError::Shed) => return Err(SendError::Shed),
            Err(SendError::Full(record)) => (record, SendError::Full(())),
            Err(SendError::Closed(record)) => (record, SendError::Closed(())),
            Err(SendError::Refused(record, reason)) => (record, SendError::Refused((), reason)),
        };
        records.push_front(record);
        Err(refused)
    }

    fn each(&self, records: &mut VecDeque<T>, one: impl Fn(&Self, T) -> Result<(), SendError<T>>) -> Result<(), SendError<()>> {
        let mut shed = false;
        while !records.is_empty() {
            match self.first(records, &one) {
                Ok(()) => {}
                Err(SendError::Shed) => shed = true,
                refused => return refused,
            }
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
        let accepted = || {
            // It was offered, and refused for good.
            self.cell.offered.add(1);
            self.cell.shed.add(1);
        };
        match wire.shed(record, reason, &accepted) {
            Ok(()) => Err(SendError::Shed),
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
            discard(oldest);
        };
        let offered = self.cell.offered.hand();
        match lane.push_evict(self.entering(record), || offered.add(1), evicted) {
            Ok(_) => Ok(()),
            Err(PushError::Closed(x)) => Err(SendError::Closed(x.record)),
            Err(PushError::Full(x)) => Err(SendError::Full(x.record)),
        }
    }

    /// Fills slots that were waited for: as many as [`run_of`](Self::run_of) said, or one.
    pub(super) fn fill_all(
        &self,
        mut slots: Permits<'_, Env<T, M>, CAP>,
        records: &mut VecDeque<T>,
    ) -> Result<(), SendError<()>> {
        if self.sole_lane().is_some() {
            let offered = self.cell.offered.hand();
            return slots
                .send_run(records, self.entering_all(), |run| offered.add(run as u64))
                .map_err(|_| SendError::Closed(()));
        }
        self.first(records, |input, record| match slots.take() {
            Some(slot) => input.fill(slot, record),
            None => Err(SendError::Full(record)),
        })
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
        let offered = self.cell.offered.hand();
        slot.send_with(self.entering(record), || offered.add(1))
            .map_err(|x| SendError::Closed(x.into_inner().record))
    }
}
