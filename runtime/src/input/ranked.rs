//! Ports with `priority` that shed: the lanes share their room.

use super::Input;
use crate::edge::{Ranks, Reason, discard, take_lesser, used_up};
use crate::error::SendError;
use crate::pipeline::counters::Counter;
use crate::record::{Entry, Env};
use crate::ring::mpmc::Sender;

impl<T: Send + 'static, const CAP: usize, M: Entry> Input<T, CAP, M> {
    /// The same with a lane for each level.
    pub(crate) fn ranked(mut self, ranks: Ranks<T>) -> Self {
        self.sort = self.sort.ranked(ranks);
        self.plain &= !ranks.shares;
        self
    }

    /// The lanes that share their room with that of a record, and which of them is its own.
    fn sharing(&self, levels: usize, record: &T) -> (&[Sender<Env<T, M>, CAP>], usize) {
        let lane = self.lane_number(record);
        let own = lane % levels;
        (&self.lanes[lane - own..][..levels], own)
    }

    /// There is room in any lane, or a record that matters less waits.
    pub(super) fn admits_sharing(&self, levels: usize, record: &T) -> bool {
        let (lanes, own) = self.sharing(levels, record);
        !used_up(lanes) || lanes[own + 1..].iter().any(|lesser| !lesser.is_empty())
    }

    /// Puts a record into its lane, if there is room in any.
    pub(super) fn attempt_sharing(&self, levels: usize, record: T) -> Result<(), SendError<T>> {
        let (lanes, own) = self.sharing(levels, &record);
        match used_up(lanes) && !lanes[own].is_closed() {
            true => Err(SendError::Full(record)),
            false => self.put(&lanes[own], record),
        }
    }

    /// All the room is used: a record that matters less makes room, if there is one.
    pub(super) fn displace(&self, levels: usize, record: T) -> Result<(), SendError<T>> {
        let (lanes, own) = self.sharing(levels, &record);
        let Some(lesser) = take_lesser(lanes, own) else {
            return self.refuse(record, Reason::Full);
        };
        self.cell.shed.add(1);
        match self.full.wire() {
            Some(wire) => wire.displaced(lesser.record),
            None => discard(lesser),
        }
        match self.put(&lanes[own], record) {
            Err(SendError::Full(record)) => self.refuse(record, Reason::Full),
            sent => sent,
        }
    }
}
