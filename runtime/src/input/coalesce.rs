//! Ports with `coalesce`: a newer record takes the place of the queued one with its key.

use std::sync::Arc;

use super::Input;
use crate::edge::Backlog;
use crate::error::SendError;
use crate::pipeline::counters::Counter;
use crate::record::{Entry, Env};
use crate::ring::PushError;
use crate::ring::mpmc::{Permit, Sender};

/// One for each lane.
pub(super) type Backlogs<X> = Arc<[Arc<dyn Backlog<X>>]>;

impl<T: Send + 'static, const CAP: usize, M: Entry> Input<T, CAP, M> {
    /// The same, where all records go through these backlogs.
    pub(crate) fn coalescing(mut self, backlogs: Vec<Arc<dyn Backlog<Env<T, M>>>>) -> Self {
        self.backlogs = Some(backlogs.into());
        self.plain = false;
        self
    }

    /// Puts a record in the place of the queued one with its key, or into its lane if there is room.
    pub(super) fn attempt_coalescing(&self, backlogs: &Backlogs<Env<T, M>>, record: T) -> Result<(), SendError<T>> {
        let number = self.lane_number(&record);
        let lane = &self.lanes[number];
        if lane.is_closed() {
            return Err(SendError::Closed(record));
        }
        let accept = || self.cell.offered.add(1);
        let pushed = backlogs[number].offer(
            &mut Some(self.entering(record)),
            &mut |x| lane.try_push_quietly(x, accept),
            &mut { accept },
        );
        self.told(lane, pushed)
    }

    /// Fills a slot that was reserved for a record; it is given back if the record takes the place of another.
    pub(super) fn fill_coalescing(
        &self,
        backlogs: &Backlogs<Env<T, M>>,
        slot: Permit<'_, Env<T, M>, CAP>,
        record: T,
    ) -> Result<(), SendError<T>> {
        let (number, mut slot) = (self.lane_number(&record), Some(slot));
        let lane = &self.lanes[number];
        if lane.is_closed() {
            return Err(SendError::Closed(record));
        }
        let accept = || self.cell.offered.add(1);
        let pushed = backlogs[number].offer(
            &mut Some(self.entering(record)),
            &mut |x| match slot.take() {
                Some(slot) => slot.send_quietly(x, accept),
                None => Err(PushError::Full(x)),
            },
            &mut { accept },
        );
        self.told(lane, pushed)
    }

    fn told(&self, lane: &Sender<Env<T, M>, CAP>, pushed: Result<bool, PushError<Env<T, M>>>) -> Result<(), SendError<T>> {
        match pushed {
            Ok(true) => self.cell.lost.add(1),
            Ok(false) => lane.tell_of_one(),
            Err(PushError::Closed(x)) => return Err(SendError::Closed(x.record)),
            Err(PushError::Full(x)) => return Err(SendError::Full(x.record)),
        }
        Ok(())
    }
}
