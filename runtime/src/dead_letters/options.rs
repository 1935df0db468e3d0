//! How a store is opened.

use std::path::Path;

use super::{DeadLetters, StoreError};

/// What a store does when it holds as much as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum WhenFull {
    /// It takes no more: the stage fails with [`StoreError::Full`], and the declaration says where that goes.
    #[default]
    Refuse,
    /// The oldest letter makes room, whatever its state. [`Totals::dropped`](super::Totals::dropped) counts it.
    DropOldest,
}

/// How a store is opened: its bounds, what it does when they are reached, and when a record is poison.
///
/// Without a word it holds 100,000 letters and 256 MiB, refuses what is more, and sets a record aside when 3 replays of it have failed.
#[derive(Debug, Clone)]
#[must_use = "a store is opened by `open`"]
pub struct Options {
    pub(super) records: u64,
    pub(super) bytes: u64,
    pub(super) when_full: WhenFull,
    pub(super) poison_after: u32,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            records: 100_000,
            bytes: 256 << 20,
            when_full: WhenFull::Refuse,
            poison_after: 3,
        }
    }
}

impl Options {
    /// So many letters at most.
    pub fn records(mut self, records: u64) -> Self {
        self.records = records;
        self
    }

    /// So many bytes at most: of the records as JSON, of messages and names. The file is larger, by the pages and trees around them.
    pub fn bytes(mut self, bytes: u64) -> Self {
        self.bytes = bytes;
        self
    }

    /// What to do with one more.
    pub fn when_full(mut self, policy: WhenFull) -> Self {
        self.when_full = policy;
        self
    }

    /// A letter is set aside when so many replays of it have failed; at least 1.
    pub fn poison_after(mut self, returns: u32) -> Self {
        self.poison_after = returns.max(1);
        self
    }

    /// Opens the store in the file `path`, which is made if need be (its folder is not).
    ///
    /// One process has it open at a time. A program that was killed has left nothing half done: what it was told was stored is
    /// there. Letters that were [`Out`](super::State::Out) then wait again, and their [`unsettled`](super::Letter::unsettled)
    /// counts on.
    ///
    /// # Errors
    /// [`InUse`](StoreError::InUse), [`Format`](StoreError::Format) or [`Disk`](StoreError::Disk).
    pub fn open(self, path: impl AsRef<Path>) -> Result<DeadLetters, StoreError> {
        DeadLetters::open_with(self, path.as_ref())
    }
}
