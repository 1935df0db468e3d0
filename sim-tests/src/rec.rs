//! The record that flows through every topology.

use forebay::prelude::*;
use forebay::record::{Prioritized, Priority as Level};

use crate::world;

/// A record. Each has an id of its own; a stage that hands something on gives it a new one.
#[derive(Debug)]
#[record]
pub struct Rec {
    /// Who it is.
    pub id: u64,
    /// Its ancestor's, so that a key goes round with it.
    #[key]
    pub key: u64,
    /// How often it went round a cycle.
    pub laps: u8,
    _alive: Alive,
}

/// Three levels, by the id.
impl Prioritized for Rec {
    type Priority = Self;
    fn priority(&self) -> &Self {
        self
    }
}

impl Level for Rec {
    const LEVELS: usize = 3;
    fn level(&self) -> usize {
        (self.id % 3) as usize
    }
}

impl Clone for Rec {
    fn clone(&self) -> Self {
        world::clones(self.id);
        Rec::new(self.id, self.key, self.laps)
    }
}

/// How a stage of a topology fails.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bad;

impl Rec {
    /// A record of this id.
    pub fn new(id: u64, key: u64, laps: u8) -> Self {
        Rec {
            id,
            key,
            laps,
            _alive: Alive::born(),
        }
    }
}

/// The arm of a `match` with `arms` arms that takes `record`.
pub fn arm(record: &Rec, arms: u64) -> u64 {
    arm_of(record.id, arms)
}

/// The same by id, for the oracle.
pub fn arm_of(id: u64, arms: u64) -> u64 {
    (id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40) % arms.max(1)
}

/// Counts the records in memory, clones among them: none is left at the end.
#[derive(Debug)]
struct Alive;

impl Alive {
    fn born() -> Self {
        world::alive(1);
        Alive
    }
}

impl Drop for Alive {
    fn drop(&mut self) {
        world::alive(-1);
    }
}

/// What an output yields: who it was.
pub trait Who {
    /// The id; 0 where nothing was kept of it.
    fn who(&self) -> u64;
}

impl Who for Rec {
    fn who(&self) -> u64 {
        self.id
    }
}

impl<E> Who for Failed<Rec, E> {
    fn who(&self) -> u64 {
        let node = self.node.strip_prefix('n').and_then(|number| number.parse().ok());
        self.record.as_ref().map_or(0, |record| failure(record.id, node.unwrap_or(0)))
    }
}

/// The failure of a record at a node: its clones may fail elsewhere, and so may the failure itself.
pub fn failure(id: u64, node: usize) -> u64 {
    if id == 0 { 0 } else { id << 8 | (node as u64 + 1) }
}
