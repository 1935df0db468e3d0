//! The counters behind the ledger: cells that one writer owns and anyone may read.
//!
//! A writer adds with a load and a store, without a read-modify-write: a fraction of a nanosecond, however many watch. Each
//! node has a [`NodeCell`] a worker; each lane of a ring an [`OfferCell`] for its producer and a [`TakeCell`] for its consumer,
//! on lines of their own. Only where producers are unknown (an input port) do they share a cell: of [`SharedCount`]s, and of a
//! [`CrowdCount`] for what is counted a record.
//!
//! # Order
//!
//! So that `finished + failed + cut <= taken <= offered` holds in a live reading too:
//!
//! * a producer counts `offered` *before* it publishes the record (and takes it back if the ring refused);
//! * a node counts `taken` before it works, and how that ended after;
//! * a reader goes against the stream: how records ended, then `taken`, then `offered`. The reading functions here do, so a
//!   reader reads all nodes, then the rings with [`read_ring`].
//!
//! Stores are `Release` and a reader's loads `Acquire`: who sees an end sees the beginning that came before it, through the ring
//! (which publishes with `Release` too) back to the producer.

use core::sync::atomic::AtomicBool;

use super::crowd::CrowdCount;
use super::ledger::{NodeLedger, RingLedger};
use crate::ring::sync::Ordering::{Acquire, Relaxed, Release};
use crate::ring::sync::{AtomicU64, const_new};

/// A counter: with one writer ([`Count`]) or with many ([`SharedCount`]).
pub trait Counter: Default + Send + Sync + 'static {
    /// Adds `n`.
    fn add(&self, n: u64);
    /// Takes back `n`: an offer that the ring refused, a record that is no longer in work.
    fn sub(&self, n: u64);
    /// Its value; what was counted before it is seen too.
    fn get(&self) -> u64;
}

/// A counter with one writer. A second writer would lose counts, nothing worse.
#[derive(Debug, Default)]
pub struct Count(AtomicU64);

impl Count {
    const_new! {
        /// Zero.
        pub fn new() -> Self {
            Count(AtomicU64::new(0))
        }
    }
}

impl Counter for Count {
    #[inline]
    fn add(&self, n: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_add(n), Release);
    }

    #[inline]
    fn sub(&self, n: u64) {
        self.0.store(self.0.load(Relaxed).wrapping_sub(n), Release);
    }

    #[inline]
    fn get(&self) -> u64 {
        self.0.load(Acquire)
    }
}

/// A counter with many writers.
#[derive(Debug, Default)]
pub struct SharedCount(AtomicU64);

impl SharedCount {
    const_new! {
        /// Zero.
        pub fn new() -> Self {
            SharedCount(AtomicU64::new(0))
        }
    }
}

impl Counter for SharedCount {
    #[inline]
    fn add(&self, n: u64) {
        self.0.fetch_add(n, Release);
    }

    #[inline]
    fn sub(&self, n: u64) {
        self.0.fetch_sub(n, Release);
    }

    #[inline]
    fn get(&self) -> u64 {
        self.0.load(Acquire)
    }
}

/// The counters of one worker of a node; the worker writes them.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct NodeCell {
    /// Records that it began to work on: counted before the work.
    pub taken: Count,
    /// Records that came to their end.
    pub finished: Count,
    /// Records that failed.
    pub failed: Count,
    /// Records that an abort ended here.
    pub cut: Count,
    /// Records that it works on: a gauge, for those that are held over a wait.
    pub in_work: Count,
    /// Records that it gave.
    pub emitted: Count,
    /// Records that a filter or a `drop` arm ended.
    pub dropped: Count,
    /// Tries, one for each record.
    pub attempts: Count,
    /// Rebuilds.
    pub rebuilt: Count,
    /// Failures that nothing was wired for.
    pub unwired: Count,
}

impl NodeCell {
    const_new! {
        /// All zero.
        pub fn new() -> Self {
            NodeCell {
                taken: Count::new(),
                finished: Count::new(),
                failed: Count::new(),
                cut: Count::new(),
                in_work: Count::new(),
                emitted: Count::new(),
                dropped: Count::new(),
                attempts: Count::new(),
                rebuilt: Count::new(),
                unwired: Count::new(),
            }
        }
    }

    /// The counts, the ends first.
    pub fn read(&self) -> NodeLedger {
        NodeLedger {
            finished: self.finished.get(),
            failed: self.failed.get(),
            cut: self.cut.get(),
            taken: self.taken.get(),
            in_work: self.in_work.get(),
            emitted: self.emitted.get(),
            dropped: self.dropped.get(),
            attempts: self.attempts.get(),
            rebuilt: self.rebuilt.get(),
            unwired: self.unwired.get(),
        }
    }
}

/// The counters of the producing side of a lane.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct OfferCell<C = Count, O = C> {
    /// Records that the ring was asked to hold: counted before they are published.
    pub offered: O,
    /// Records that the ring refused for good.
    pub shed: C,
    /// Records that the producer evicted or replaced.
    pub lost: C,
    /// Records that an abort ended before they were in the ring.
    pub cut: C,
    /// Records that were refused for the quota of their key.
    pub quota: C,
    /// Records that were refused for the limit of an input.
    pub limit: C,
}

impl OfferCell {
    const_new! {
        /// All zero.
        pub fn new() -> Self {
            OfferCell {
                offered: Count::new(),
                shed: Count::new(),
                lost: Count::new(),
                cut: Count::new(),
                quota: Count::new(),
                limit: Count::new(),
            }
        }
    }
}

/// The producing side of an input port: its producers are outside and unknown.
pub type PortOffers = OfferCell<SharedCount, CrowdCount>;

/// The counters of the consuming side of a lane.
#[derive(Debug, Default)]
#[repr(align(128))]
pub struct TakeCell {
    /// Records that were taken out.
    pub taken: Count,
    /// Records that this reader missed.
    pub lost: Count,
    /// Records that an abort ended in the ring.
    pub cut: Count,
    /// Records that the reader left in the ring when it went.
    pub shed: Count,
    /// No part of any protocol: it is set before anything runs.
    outside: AtomicBool,
}

impl TakeCell {
    const_new! {
        /// All zero.
        pub fn new() -> Self {
            TakeCell {
                taken: Count::new(),
                lost: Count::new(),
                cut: Count::new(),
                shed: Count::new(),
                outside: AtomicBool::new(false),
            }
        }
    }

    /// The reader is no task of the pipeline: it may be at work when that has ended.
    pub(crate) fn read_outside(&self) {
        self.outside.store(true, Relaxed);
    }

    pub(super) fn is_read_outside(&self) -> bool {
        self.outside.load(Relaxed)
    }
}

/// The counters of a lane with one consumer: one producer, or many ([`PortCell`]).
#[derive(Debug, Default)]
pub struct LaneCell<O = OfferCell> {
    /// The producing side.
    pub offers: O,
    /// The consuming side.
    pub takes: TakeCell,
}

/// The counters of an input port.
pub type PortCell = LaneCell<PortOffers>;

impl LaneCell {
    const_new! {
        /// All zero.
        pub fn new() -> Self {
            LaneCell {
                offers: OfferCell::new(),
                takes: TakeCell::new(),
            }
        }
    }
}

impl<C: Counter, O: Counter> LaneCell<OfferCell<C, O>> {
    /// The counts of a ring of this one lane, in which `queued` records wait.
    pub fn read(&self, queued: u64) -> RingLedger {
        read_ring([&self.takes], [&self.offers], queued)
    }
}

/// The counts of a ring: all its consumers, then all its producers, and the records that wait in it.
///
/// `queued` is what the ring holds, so that the ledger is checked against the ring and not only against itself.
pub fn read_ring<'a, C: Counter, O: Counter>(
    takes: impl IntoIterator<Item = &'a TakeCell>,
    offers: impl IntoIterator<Item = &'a OfferCell<C, O>>,
    queued: u64,
) -> RingLedger {
    let mut counts = RingLedger {
        queued,
        ..RingLedger::default()
    };
    for side in takes {
        counts += RingLedger {
            taken: side.taken.get(),
            lost: side.lost.get(),
            cut: side.cut.get(),
            shed: side.shed.get(),
            ..RingLedger::default()
        };
    }
    for side in offers {
        counts += RingLedger {
            shed: side.shed.get(),
            lost: side.lost.get(),
            cut: side.cut.get(),
            offered: side.offered.get(),
            quota: side.quota.get(),
            limit: side.limit.get(),
            ..RingLedger::default()
        };
    }
    counts
}

#[cfg(test)]
#[path = "counters_tests.rs"]
mod tests;

#[cfg(all(test, forebay_loom))]
#[path = "counters_model.rs"]
mod model;
