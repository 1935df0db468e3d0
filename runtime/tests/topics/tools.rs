//! What the tests here share: a record of what was seen, and doors that are opened by hand.

use std::collections::BTreeMap;

use forebay::pipeline::ledger::RingLedger;
use forebay::prelude::*;
use tokio::sync::{Semaphore, watch};

use crate::kit::wait::yields;

/// What stages saw, by name, in order.
#[derive(Debug, Default)]
pub struct Seen(watch::Sender<BTreeMap<&'static str, Vec<u64>>>);

impl Seen {
    pub fn note(&self, at: &'static str, id: u64) {
        self.0.send_modify(|seen| seen.entry(at).or_default().push(id));
    }

    pub fn at(&self, at: &str) -> Vec<u64> {
        self.0.borrow().get(at).cloned().unwrap_or_default()
    }

    pub fn count(&self, at: &str) -> u64 {
        self.at(at).len() as u64
    }

    pub fn sum(&self, at: &str) -> u64 {
        self.at(at).into_iter().sum()
    }

    /// Waits until so many were seen there.
    pub async fn reaches(&self, at: &str, n: usize) {
        let there = |seen: &BTreeMap<&str, Vec<u64>>| seen.get(at).map_or(0, Vec::len) >= n;
        self.0.subscribe().wait_for(there).await.unwrap();
    }
}

/// Lets one record through for each permit; tells who has come to it.
#[derive(Debug)]
pub struct Door {
    permits: Semaphore,
    before: watch::Sender<u64>,
}

impl Default for Door {
    fn default() -> Self {
        Door {
            permits: Semaphore::new(0),
            before: watch::Sender::default(),
        }
    }
}

impl Door {
    pub async fn pass(&self) {
        // What was told of this record's lag is on its wire once the call has waited, and not before.
        yields(1).await;
        self.before.send_modify(|count| *count += 1);
        self.permits.acquire().await.unwrap().forget();
    }

    pub fn open(&self, records: usize) {
        self.permits.add_permits(records);
    }

    /// Waits until so many have come to it.
    pub async fn knocked(&self, times: u64) {
        self.before.subscribe().wait_for(|count| *count >= times).await.unwrap();
    }
}

/// More than any test sends.
pub const ALL: usize = 1 << 20;

/// What became of all that one reader was offered, told by what stages saw and not by the ledger's own sums.
#[track_caller]
pub fn accounts(reader: RingLedger, offered: u64, seen: u64, told: u64) {
    assert_eq!(reader.offered, offered, "{reader:?}");
    assert_eq!(reader.taken, seen, "{reader:?}");
    assert_eq!(reader.lost, told, "{reader:?}");
    assert_eq!(offered, seen + told + reader.cut + reader.shed + reader.queued, "{reader:?}");
}

#[stage]
pub fn pass(id: u64) -> u64 {
    id
}
#[stage]
pub fn first(id: u64, seen: &Seen) {
    seen.note("first", id);
}
#[stage]
pub fn second(id: u64, seen: &Seen) {
    seen.note("second", id);
}
#[stage]
pub fn third(id: u64, seen: &Seen) {
    seen.note("third", id);
}
#[stage(runtime = none)]
pub async fn slow(id: u64, door: &Door, seen: &Seen) {
    seen.note("slow", id);
    door.pass().await;
}
#[stage]
pub fn told(lagged: Lagged, seen: &Seen) {
    assert!(lagged.missed > 0);
    seen.note("told", lagged.missed);
}
