//! Ports with `priority` that shed: the lanes share their room.

use super::{Input, WhenFull};
use crate::edge::{Ranks, discard, take_lesser, used_up};
use crate::error::SendError;
use crate::pipeline::counters::Counter;
use crate::record::Entry;
use crate::ring::PushError;

impl<T: Send + 'static, const CAP: usize, M: Entry> Input<T, CAP, M> {
    /// The same with a lane for each level.
    pub(crate) fn ranked(mut self, ranks: Ranks<T>) -> Self {
        self.sort = self.sort.ranked(ranks);
        self.plain &= !ranks.shares;
        self
    }

    /// Sends a record to its lane. When all the room is used, a record that matters less makes room for it, if there is one.
    pub(super) fn try_send_sharing(&self, levels: usize, record: T) -> Result<(), SendError<T>> {
        let number = self.lane_number(&record);
        let (lanes, lane) = (&self.lanes[number - number % levels..][..levels], number % levels);
        if used_up(lanes) && !lanes[lane].is_closed() {
            let Some(lesser) = take_lesser(lanes, lane) else {
                return self.full(record);
            };
            self.cell.shed.add(1);
            match &self.full {
                WhenFull::Shed(Some(wire)) => wire.displaced(lesser.record),
                _ => discard(lesser),
            }
        }
        match lanes[lane].try_push_with(self.entering(record), || self.cell.offered.add(1)) {
            Ok(()) => Ok(()),
            Err(PushError::Closed(x)) => Err(SendError::Closed(x.record)),
            Err(PushError::Full(x)) => self.full(x.record),
        }
    }
}
