//! What is written down of a run.

use std::collections::{BTreeMap, HashMap, HashSet};

use forebay::pipeline::ledger::Snapshot;

/// What happened at one node.
#[derive(Debug, Default, Clone)]
pub struct NodeLog {
    /// The calls of its stage, in the order in which they began.
    pub calls: Vec<Called>,
    /// What it gave, and the record for which it was called then.
    pub gave: Vec<u64>,
    /// Of what it gave: the record for which its stage was called.
    pub stems: HashMap<u64, u64>,
    /// It waits for these to be accepted (an `Emit`), or never learned that they were.
    pub giving: u64,
    /// Batches that failed.
    pub failed_batches: u64,
    /// The failed records that came here in batches, by their failure; a batch itself is a call without an id.
    pub buried: Vec<u64>,
    /// What others have missed, as far as it was told.
    pub missed: u64,
    /// Records that a pulled stage held when it went.
    pub held: u64,
}

/// A call of a stage.
#[derive(Debug, Clone)]
pub struct Called {
    /// The record that it was called with; 0 where none is known.
    pub id: u64,
    /// It was made for no record, and gave one or said that it did.
    pub own: bool,
    /// As so many it is seen: one, if the recorder does not lie.
    pub times: u64,
    /// It gave something.
    pub gave: bool,
    /// How it ended; `None`: it was dropped midway.
    pub end: Option<Ended>,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// It came to its end.
    Finished,
    /// So did an `Option` without a record.
    Filtered,
    /// By an error or a panic.
    Failed,
}

/// What happened at one port.
#[derive(Debug, Default, Clone)]
pub struct PortLog {
    /// Records that it took in: in its ring, or in its shed wire.
    pub accepted: Vec<u64>,
    /// Those that went to the shed wire.
    pub shed: Vec<u64>,
    /// Records that a reader got.
    pub delivered: Vec<u64>,
    /// The readers of an output that overwrites.
    pub readers: Vec<ReaderLog>,
}

/// What a reader of an output that overwrites saw.
#[derive(Debug, Default, Clone)]
pub struct ReaderLog {
    /// What it got.
    pub got: Vec<u64>,
    /// So many it was told that it has missed.
    pub lost: u64,
    /// It read to the end.
    pub ended: bool,
}

/// All that was seen.
#[derive(Debug, Default, Clone)]
pub struct Log {
    /// By number.
    pub nodes: Vec<NodeLog>,
    /// By number.
    pub ports: Vec<PortLog>,
    /// Records of which a clone has panicked.
    pub broken: HashSet<u64>,
    /// Things that were seen so far.
    pub events: u64,
    /// Why records failed, as far as somebody was told.
    pub causes: BTreeMap<&'static str, u64>,
    /// What `on_end` was told.
    pub ends: Vec<Snapshot>,
}
