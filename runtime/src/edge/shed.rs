//! What a ring refused, and where it goes.

use core::fmt;

use crate::edge::{Cyclic, Edge, Feed, Place, Policy, discard};
use crate::record::{Env, Meta};

/// Why a ring refused a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
// A whole word: an error that holds a byte of it beside a record is moved byte by byte, which every send would wait for.
#[repr(usize)]
pub enum Reason {
    /// The ring was full.
    Full,
    /// Its reader had gone: an output that was dropped.
    Closed,
    /// The key of the record had used up its `quota`.
    Quota,
    /// The input had let in as many as its `limit` says.
    Limit,
    /// It waited in a full ring with `priority`, and a more urgent record took its place.
    Displaced,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reason::Full => "the ring is full",
            Reason::Closed => "the ring is closed",
            Reason::Quota => "its key has used up its quota",
            Reason::Limit => "the input has reached its limit",
            Reason::Displaced => "a more urgent record took its place",
        })
    }
}

/// A record that a ring refused: what `port.shed` and `node.shed` yield.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shed<T> {
    /// The record.
    pub record: T,
    /// Why it was refused.
    pub reason: Reason,
}

impl<T> Shed<T> {
    /// A refusal, for a stage's own tests.
    pub fn new(record: T, reason: Reason) -> Self {
        Shed { record, reason }
    }
}

/// Where a shedding edge gives what it refused. It never waits.
pub trait Shedding<T, M>: Send {
    /// Takes a refused record.
    fn shed(&mut self, x: Env<T, M>, reason: Reason);
    /// See [`Place::flush`].
    fn flush(&mut self) {}
    /// See [`Place::close`].
    fn close(&mut self) {}
}

/// No shed wire: a refused record is counted and dropped.
#[derive(Debug, Default)]
pub struct NotKept;

impl<T: Send, M> Shedding<T, M> for NotKept {
    fn shed(&mut self, x: Env<T, M>, _reason: Reason) {
        discard(x);
    }
}

/// A shed wire: refused records go into its ring, as long as that has room.
pub struct ShedInto<E>(pub E);

impl<T, MN, M, W, P, C> Shedding<T, MN> for ShedInto<Edge<Shed<T>, M, W, P, C>>
where
    C: Cyclic,
    T: Send,
    MN: Meta,
    M: Meta,
    W: Feed<Env<Shed<T>, M>>,
    P: Policy<Shed<T>, M, W>,
{
    fn shed(&mut self, x: Env<T, MN>, reason: Reason) {
        self.0.write_aside(Env {
            record: Shed {
                record: x.record,
                reason,
            },
            meta: x.meta.carry(),
        });
    }
    fn flush(&mut self) {
        Place::flush(&mut self.0);
    }
    fn close(&mut self) {
        Place::close(&mut self.0);
    }
}
