//! What is written down of a run.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use forebay::pipeline::ledger::Snapshot;
use forebay::prelude::*;

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
    /// The newest values of the topic that is lent, as it saw them.
    pub newest: Vec<Newest>,
    /// Records that a pulled stage held when it went.
    pub held: u64,
}

/// The newest value of the topic that is lent, as a call of a stage saw it.
#[derive(Debug, Clone, Copy)]
pub struct Newest {
    /// The number of the call.
    pub call: usize,
    /// The value.
    pub value: u64,
    /// So new it has to be, at least.
    pub least: u64,
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
    /// The tries to send it one record, where it was open.
    pub asked: Vec<Asked>,
    /// Records that a reader got.
    pub delivered: Vec<u64>,
    /// The readers of an output that overwrites.
    pub readers: Vec<ReaderLog>,
}

/// A try to send one record to an input.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// When, since the start of the run.
    pub at: Duration,
    /// The key of the record.
    pub key: u64,
    /// Why it would not be let in, as the input said just before.
    pub verdict: Option<Reason>,
    /// It was let in.
    pub entered: bool,
    /// It came back, and the input said why; nothing, where it went to the shed wire.
    pub reason: Option<Reason>,
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
