//! What a store says of a failed record.

use core::fmt;
use core::num::ParseIntError;
use core::str::FromStr;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::edge::Cause;

/// Tells the letters of a store apart: 1 for its first one, counted on for ever. A letter keeps it through replays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LetterId(pub u64);

impl fmt::Display for LetterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for LetterId {
    type Err = ParseIntError;
    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        text.parse().map(LetterId)
    }
}

/// What is to become of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// It waits for a replay.
    Waiting,
    /// A replay has given its record to a port, and what became of it is not known yet.
    Out,
    /// It is poison: so many replays of it have failed that only a forced one takes it.
    Aside,
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            State::Waiting => "waiting",
            State::Out => "out",
            State::Aside => "aside",
        })
    }
}

/// The kind of a [`Cause`]: what is left of it where its error is only a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CauseKind {
    /// The stage returned `Err`.
    Error,
    /// The stage panicked.
    Panic,
    /// It took longer than the node's `timeout`.
    Timeout,
    /// It was past its `deadline`.
    Late,
    /// The node's breaker was open.
    BreakerOpen,
    /// The worker was gone.
    WorkerDead,
}

impl CauseKind {
    pub(super) fn of<E>(cause: &Cause<E>) -> CauseKind {
        match cause {
            Cause::Error(_) => CauseKind::Error,
            Cause::Panic(_) => CauseKind::Panic,
            Cause::Timeout => CauseKind::Timeout,
            Cause::Late => CauseKind::Late,
            Cause::BreakerOpen => CauseKind::BreakerOpen,
            Cause::WorkerDead => CauseKind::WorkerDead,
        }
    }
}

/// A failed record in a store: everything but the record itself, which [`DeadLetters::record`](super::DeadLetters::record) reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Letter {
    /// Which one it is.
    pub id: LetterId,
    /// What is to become of it.
    pub state: State,
    /// The type of its record, as [`core::any::type_name`] has it.
    pub record: String,
    /// The record itself is there. It is not where the node kept none: a `tick`, `keep: nothing`, `errors` for all.
    pub whole: bool,
    /// The node at which it failed last.
    pub node: String,
    /// Why, the last time.
    pub cause: CauseKind,
    /// The same in words.
    pub message: String,
    /// Tries that failed so far, over all of its failures.
    pub attempts: u32,
    /// How often its record was given to a port again.
    pub replays: u32,
    /// How many of these replays failed: it came back.
    pub returns: u32,
    /// How many of these replays ended with the program, so that what became of them is not known. If it is not zero, another
    /// replay may do the same work twice.
    pub unsettled: u32,
    /// When it failed first.
    pub first: SystemTime,
    /// When it failed last.
    pub last: SystemTime,
    /// What it takes of the store's bound: its record as JSON, its message and its names.
    pub bytes: u64,
}
