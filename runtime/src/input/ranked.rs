//! Ports with `priority` that shed: the lanes share their room.

use std::sync::Arc;

use super::Input;
use crate::edge::{Ranks, Reason, Room, discard};
use crate::error::SendError;
use crate::pipeline::counters::Counter;
use crate::record::{Entry, Env};
use crate::ring::mpmc::{Permit, Sender};

/// Where a record goes: the lanes that share their room with its own, which of them that is, and the room.
type Place<'a, T, M, const CAP: usize> = (&'a [Sender<Env<T, M>, CAP>], usize, &'a Room);

impl<T: Send + 'static, const CAP: usize, M: Entry> Input<T, CAP, M> {
    /// The same with a lane for each level.
    pub(crate) fn ranked(mut self, ranks: Ranks<T>, rooms: Vec<Arc<Room>>) -> Self {
        self.sort = self.sort.ranked(ranks);
        self.plain &= rooms.is_empty();
        self.rooms = rooms.into();
        self
    }

    fn place(&self, levels: usize, record: &T) -> Place<'_, T, M, CAP> {
        let lane = self.lane_number(record);
        let own = lane % levels;
        (&self.lanes[lane - own..][..levels], own, &self.rooms[lane / levels])
    }

    /// There is room in any lane, or a record that matters less waits.
    pub(super) fn admits_sharing(&self, levels: usize, record: &T) -> bool {
        let (lanes, own, room) = self.place(levels, record);
        !room.is_used_up() || lanes[own + 1..].iter().any(|lesser| !lesser.is_empty())
    }

    /// Puts a record into its lane, if there is room in any.
    pub(super) fn attempt_sharing(&self, levels: usize, record: T) -> Result<(), SendError<T>> {
        let (lanes, own, room) = self.place(levels, &record);
        match room.claim() {
            true => self.put_counted(&lanes[own], room, record),
            false if lanes[own].is_closed() => Err(SendError::Closed(record)),
            false => Err(SendError::Full(record)),
        }
    }

    /// All the room is used: a record that matters less makes room, if there is one.
    pub(super) fn displace(&self, levels: usize, record: T) -> Result<(), SendError<T>> {
        let (lanes, own, room) = self.place(levels, &record);
        let Some(made) = room.make(lanes, own) else {
            return self.refuse(record, Reason::Full);
        };
        if let Some(lesser) = made {
            self.cell.shed.add(1);
            match self.full.wire() {
                Some(wire) => wire.displaced(lesser.record),
                None => discard(lesser),
            }
        }
        match self.put_counted(&lanes[own], room, record) {
            Err(SendError::Full(record)) => self.refuse(record, Reason::Full),
            sent => sent,
        }
    }

    /// Fills a slot that was reserved: it comes on top of the shared room.
    pub(super) fn fill_sharing(&self, levels: usize, slot: Permit<'_, Env<T, M>, CAP>, record: T) -> Result<(), SendError<T>> {
        let (_, _, room) = self.place(levels, &record);
        room.claim_beyond();
        let sent = slot.send_with(self.entering(record), || self.cell.offered.add(1));
        sent.map_err(|x| {
            room.give();
            SendError::Closed(x.into_inner().record)
        })
    }

    fn put_counted(&self, lane: &Sender<Env<T, M>, CAP>, room: &Room, record: T) -> Result<(), SendError<T>> {
        let sent = self.put(lane, record);
        if sent.is_err() {
            room.give();
        }
        sent
    }
}
