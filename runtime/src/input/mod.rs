//! The writing end of a pipeline.

mod admission;
mod attempt;
mod coalesce;
mod full;
mod offer;
mod ranked;
mod send;
mod sort;

use core::fmt;
use std::collections::VecDeque;
use std::sync::Arc;

use crate::edge::{Reason, Room, discard, guarded};
use crate::error::SendError;
use crate::pipeline::counters::Counter;
use crate::pipeline::{Keeper, PortEnd, PortOffers};
use crate::record::{Entry, Env};
use crate::ring::mpmc::Sender;
use crate::rt::block_on;

pub use admission::Admission;
use coalesce::Backlogs;
pub(crate) use full::{ShedPort, ShedWire, WhenFull};
pub(crate) use offer::Patience;
use sort::Sort;

pub use send::{Reserve, Send, SendAll, Slot, Waiting};

/// An input port: any number of clones, on any task or thread, send records into a ring of `CAP` (one for each worker, where a key
/// decides which).
///
/// * **Full**: [`send`](Self::send) waits its turn and [`try_send`](Self::try_send) gives the record back. A port that says `shed` never
///   waits: its record comes back as `Full`, or goes to the shed wire and the caller learns `Shed`. One that says
///   `offer 3 every 10ms` does the same after 30 ms. A port that says `drop_oldest` always has room. With `priority` each level has
///   its lane; where such a port sheds, a more urgent record takes the place of a lesser one that waits. With `coalesce` a record takes the
///   place of the queued one with its key, full or not.
/// * **Refused**, where the port says what it lets in (`quota 8 per 1s by key`, `limit 1000 per 1s`): the record comes back with the
///   [`Reason`], or goes to the shed wire. What is refused uses nothing up, for either of them.
/// * **Closed**, when the pipeline drains or has ended: the record comes back as `Closed`. What was accepted before is worked off.
/// * **Dropped**: the last clone of an input ends it.
///
/// Records of one clone stay in order, as long as one worker takes them.
///
/// `M` is what travels with each record. The pipeline chooses it: nothing (which is left out, `Input<T, CAP>`), or the time of its entry
/// ([`Entered`](crate::record::Entered)) where a node further on has a `deadline`.
pub struct Input<T: 'static, const CAP: usize, M: Entry = ()> {
    name: &'static str,
    lanes: Box<[Sender<Env<T, M>, CAP>]>,
    sort: Sort<T>,
    full: WhenFull<T>,
    /// With a `quota` or a `limit`.
    admission: Option<Arc<Admission<T>>>,
    /// Where lanes share their room: that of each worker.
    rooms: Arc<[Arc<Room>]>,
    /// With `coalesce`, what is queued in each lane.
    backlogs: Option<Backlogs<Env<T, M>>>,
    /// A record goes into its lane when that has room, and there is nothing more to it.
    plain: bool,
    cell: Arc<PortOffers>,
    keeper: Arc<Keeper>,
    clock: M::Clock,
}

impl<T: 'static, const CAP: usize, M: Entry> Input<T, CAP, M> {
    fn room(&self) -> usize {
        CAP * self.lanes.len() / self.sort.sharing().unwrap_or(1)
    }
}

impl<T: 'static, const CAP: usize, M: Entry> Clone for Input<T, CAP, M> {
    fn clone(&self) -> Self {
        Input {
            name: self.name,
            lanes: self.lanes.clone(),
            sort: self.sort,
            full: self.full.clone(),
            admission: self.admission.clone(),
            rooms: self.rooms.clone(),
            backlogs: self.backlogs.clone(),
            plain: self.plain,
            cell: self.cell.clone(),
            keeper: self.keeper.clone(),
            clock: self.clock.clone(),
        }
    }
}

/// A record that comes in now.
#[inline]
fn entering<T, M: Entry>(record: T, clock: &M::Clock) -> Env<T, M> {
    let meta = M::enter(clock);
    Env { record, meta }
}

impl<T: core::marker::Send + 'static, const CAP: usize, M: Entry> Input<T, CAP, M> {
    pub(crate) fn new(
        name: &'static str,
        end: PortEnd<T, CAP, M>,
        hash: Option<fn(&T) -> u64>,
        full: WhenFull<T>,
        keeper: Arc<Keeper>,
        clock: M::Clock,
    ) -> Self {
        Input {
            name,
            lanes: end.senders.into(),
            sort: Sort::by(hash),
            admission: None,
            rooms: Arc::new([]),
            backlogs: None,
            plain: !matches!(full, WhenFull::DropOldest),
            full,
            cell: end.cell,
            keeper,
            clock,
        }
    }

    /// Sends a record, waiting its turn while the ring is full. On a port that says `shed` or `drop_oldest` it does not wait, on one
    /// that says `offer` not for ever.
    ///
    /// Cancel safe: a send that is dropped while it waits has sent nothing, and drops the record. The record comes back in
    /// [`Closed`](SendError::Closed), on a port that sheds in [`Full`](SendError::Full).
    pub fn send(&self, record: T) -> Send<'_, T, CAP, M> {
        send::send(self, record)
    }

    /// Sends a record if there is room now.
    pub fn try_send(&self, record: T) -> Result<(), SendError<T>> {
        match self.attempt(record) {
            Err(SendError::Full(record)) => self.full(record),
            sent => sent,
        }
    }

    /// Sends all of `records`, in order: for the price of one send a run of them goes into the ring at once, as far as there is room,
    /// and it waits for more.
    ///
    /// Cancel safe: what is still in `records` was not sent, when this is dropped and when it fails. A `shed` port refuses as
    /// [`try_send_all`](Self::try_send_all) does.
    pub fn send_all<'a>(&'a self, records: &'a mut VecDeque<T>) -> SendAll<'a, T, CAP, M> {
        send::send_all(self, records)
    }

    /// Sends all of `records` for which there is room now, in order. `Full`, `Closed` or `Refused`: what was not sent is still there, the
    /// one that was not taken first. `Shed`: all are gone, and some of them went to the shed wire.
    pub fn try_send_all(&self, records: &mut VecDeque<T>) -> Result<(), SendError<()>> {
        self.try_all(records)
    }

    /// [`send`](Self::send), on a thread that may sleep.
    pub fn send_blocking(&self, record: T) -> Result<(), SendError<T>> {
        block_on(self.send(record))
    }

    /// Waits for a slot of the ring and keeps it, so that the record need not be made before there is room for it.
    ///
    /// `None` when the pipeline has closed its input. Cancel safe. On a port whose workers are chosen by key, or with `priority`, the slot
    /// cannot be known before the record is: it keeps one in every lane. It waits without a limit, also where the port says `offer`.
    pub fn reserve(&self) -> Reserve<'_, T, CAP, M> {
        send::reserve(self)
    }

    /// Records that wait in the ring.
    pub fn len(&self) -> usize {
        self.lanes.iter().map(Sender::len).sum()
    }

    /// No record waits in the ring.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many records the ring holds: `CAP`, for each worker where a key decides, and for each level of a priority unless the port
    /// sheds.
    pub fn capacity(&self) -> usize {
        self.room()
    }

    /// Whether this record would be taken now, and if not, why. A query: it uses up nothing of a `quota` or a `limit`, and reserves
    /// nothing. A full ring with `coalesce` may take it all the same, in the place of the one with its key.
    pub fn admits(&self, record: &T) -> Result<(), Reason> {
        let lane = self.lane(record);
        if lane.is_closed() {
            return Err(Reason::Closed);
        }
        if let Some(admission) = &self.admission {
            admission.asks(record)?;
        }
        let room = match (&self.full, self.sort.sharing()) {
            (WhenFull::DropOldest, _) => true,
            (_, Some(levels)) => self.admits_sharing(levels, record),
            (_, None) => lane.len() < CAP,
        };
        if room { Ok(()) } else { Err(Reason::Full) }
    }

    /// The pipeline accepts no more.
    pub fn is_closed(&self) -> bool {
        self.lanes.iter().any(Sender::is_closed)
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn keeper(&self) -> &Arc<Keeper> {
        &self.keeper
    }

    /// Sends a record that nobody can have back: what this port refuses is counted as shed, what comes too late as cut.
    pub(crate) async fn forward(&self, record: T) -> Result<(), ()> {
        /// A record that has not got there: its task went with its runtime, or the user's hash has panicked.
        struct Cut<'a>(&'a PortOffers);
        impl Drop for Cut<'_> {
            fn drop(&mut self) {
                self.0.offered.add(1);
                self.0.cut.add(1);
            }
        }
        let cut = Cut(&self.cell);
        match guarded(|| self.send(record)).await {
            Ok(Ok(()) | Err(SendError::Shed)) => core::mem::forget(cut),
            Ok(Err(SendError::Full(record) | SendError::Refused(record, _))) => {
                core::mem::forget(cut);
                self.cell.offered.add(1);
                self.cell.shed.add(1);
                discard(record);
            }
            Ok(Err(SendError::Closed(record))) => {
                discard(record);
                return Err(());
            }
            Err(_message) => {}
        }
        Ok(())
    }

    fn lane_number(&self, record: &T) -> usize {
        self.sort.lane(record, self.lanes.len())
    }

    fn entering(&self, record: T) -> Env<T, M> {
        entering(record, &self.clock)
    }

    fn lane(&self, record: &T) -> &Sender<Env<T, M>, CAP> {
        &self.lanes[self.lane_number(record)]
    }
}

impl<T: 'static, const CAP: usize, M: Entry> fmt::Debug for Input<T, CAP, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Input")
            .field("len", &self.lanes.iter().map(Sender::len).sum::<usize>())
            .field("capacity", &self.room())
            .finish_non_exhaustive()
    }
}
