//! What a port does when its ring is full.

use std::sync::Arc;

use super::{Patience, entering};
use crate::edge::{Reason, Shed, discard, guard, lane_of};
use crate::pipeline::PortEnd;
use crate::pipeline::counters::Counter;
use crate::record::Entry;

/// What a port does when its ring is full.
pub(crate) enum WhenFull<T> {
    /// The caller waits.
    Wait,
    /// The record goes to the shed wire, or back.
    Shed(Option<Arc<dyn ShedPort<T>>>),
    /// The oldest record makes room.
    DropOldest,
    /// The caller waits for so long, and then the record is shed.
    Offer(Patience, Option<Arc<dyn ShedPort<T>>>),
}

impl<T> WhenFull<T> {
    /// The shed wire.
    pub(super) fn wire(&self) -> Option<&dyn ShedPort<T>> {
        match self {
            WhenFull::Shed(wire) | WhenFull::Offer(_, wire) => wire.as_deref(),
            WhenFull::Wait | WhenFull::DropOldest => None,
        }
    }
}

impl<T> Clone for WhenFull<T> {
    fn clone(&self) -> Self {
        match self {
            WhenFull::Wait => WhenFull::Wait,
            WhenFull::Shed(port) => WhenFull::Shed(port.clone()),
            WhenFull::DropOldest => WhenFull::DropOldest,
            WhenFull::Offer(patience, port) => WhenFull::Offer(patience.clone(), port.clone()),
        }
    }
}

/// The shed wire of a port, whatever its capacity. A `dyn`, since only what is refused comes here.
pub(crate) trait ShedPort<T>: Send + Sync {
    /// Takes a refused record, or gives it back when the wire is full too. `accepted` is called before anyone sees the record on the wire,
    /// so that the counts agree when the wire has ended.
    fn shed(&self, record: T, reason: Reason, accepted: &dyn Fn()) -> Result<(), T>;
    /// Takes a record that was accepted and made room for a more urgent one: nobody can have it back.
    fn displaced(&self, record: T);
}

/// A shed wire, and the worker's ring that its key chooses, where it says `by FIELD`.
pub(crate) struct ShedWire<T: 'static, const CAP: usize, M: Entry> {
    pub(crate) end: PortEnd<Shed<T>, CAP, M>,
    pub(crate) clock: M::Clock,
    pub(crate) hash: Option<fn(&Shed<T>) -> u64>,
    /// Its oldest record makes room.
    pub(crate) evicts: bool,
}

impl<T: Send + 'static, const CAP: usize, M: Entry> ShedPort<T> for ShedWire<T, CAP, M> {
    fn shed(&self, record: T, reason: Reason, accepted: &dyn Fn()) -> Result<(), T> {
        self.push(Shed::new(record, reason), accepted).map_err(|back| back.record)
    }
    fn displaced(&self, record: T) {
        let cell = &self.end.cell;
        // The wire may ask the user's hash, and nobody is there to learn of its panic.
        match guard(|| self.push(Shed::new(record, Reason::Displaced), &|| ())) {
            Ok(Ok(())) => {}
            Ok(Err(full)) => {
                cell.offered.add(1);
                cell.shed.add(1);
                discard(full);
            }
            Err(_message) => {
                cell.offered.add(1);
                cell.cut.add(1);
            }
        }
    }
}

impl<T: Send + 'static, const CAP: usize, M: Entry> ShedWire<T, CAP, M> {
    fn push(&self, shed: Shed<T>, accepted: &dyn Fn()) -> Result<(), Shed<T>> {
        let PortEnd { senders, cell } = &self.end;
        let shed = entering(shed, &self.clock);
        let lane = self.hash.map_or(0, |hash| lane_of(hash(&shed.record), senders.len()));
        let lane = &senders[lane];
        let accepted = || {
            accepted();
            cell.offered.add(1);
        };
        let pushed = match self.evicts {
            false => lane.try_push_with(shed, accepted),
            true => lane
                .push_evict(shed, accepted, |oldest| {
                    cell.lost.add(1);
                    discard(oldest);
                })
                .map(drop),
        };
        pushed.map_err(|back| back.into_inner().record)
    }
}
