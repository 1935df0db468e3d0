//! What failed, and where it goes.

use core::fmt;
use core::task::{Context, Poll};

use crate::edge::{Cyclic, Edge, Feed, Place, Policy, discard};
use crate::record::{Env, Meta};
use crate::stage::Batch;

/// Why a record failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause<E> {
    /// The stage returned `Err`.
    Error(E),
    /// The stage panicked, with this message.
    Panic(String),
    /// It took longer than the node's `timeout`.
    Timeout,
    /// It was past its `deadline`.
    Late,
    /// The node's breaker is open.
    BreakerOpen,
    /// The worker whose turn it was is gone for good: its restarts are exhausted.
    WorkerDead,
}

impl<E> Cause<E> {
    /// The same cause with another error.
    pub fn map<F>(self, error: impl FnOnce(E) -> F) -> Cause<F> {
        match self {
            Cause::Error(e) => Cause::Error(error(e)),
            Cause::Panic(message) => Cause::Panic(message),
            Cause::Timeout => Cause::Timeout,
            Cause::Late => Cause::Late,
            Cause::BreakerOpen => Cause::BreakerOpen,
            Cause::WorkerDead => Cause::WorkerDead,
        }
    }
}

impl<E: fmt::Display> fmt::Display for Cause<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cause::Error(error) => error.fmt(f),
            Cause::Panic(message) => write!(f, "panicked: {message}"),
            Cause::Timeout => f.write_str("took longer than its timeout"),
            Cause::Late => f.write_str("past its deadline"),
            Cause::BreakerOpen => f.write_str("the breaker is open"),
            Cause::WorkerDead => f.write_str("the worker is gone: its restarts are exhausted"),
        }
    }
}

/// A record that failed at a node: what `node.errors` yields.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failed<In, E> {
    /// What the node kept of it: a clone, where its failures are wired by name (or it says `keep: record`). `None` for a
    /// `tick` or a `finish`, and with `keep: nothing`.
    pub record: Option<In>,
    /// Why.
    pub cause: Cause<E>,
    /// Tries that failed so far, this one among them; over all nodes, when a retry is made of wires.
    pub attempts: u32,
    /// The node at which it failed.
    pub node: &'static str,
}

impl<In, E> Failed<In, E> {
    /// A failure, for a stage's own tests.
    pub fn new(node: &'static str, record: Option<In>, cause: Cause<E>, attempts: u32) -> Self {
        Failed {
            record,
            cause,
            attempts,
            node,
        }
    }

    /// The same failure of another record: what is to be stored or sent again is often what came in, not what failed on the way.
    pub fn map<T>(self, record: impl FnOnce(In) -> T) -> Failed<T, E> {
        let Failed {
            cause, attempts, node, ..
        } = self;
        Failed {
            record: self.record.map(record),
            cause,
            attempts,
            node,
        }
    }

    /// The same failure with another error, so that those of several nodes go one way.
    pub fn map_err<F>(self, error: impl FnOnce(E) -> F) -> Failed<In, F> {
        let Failed {
            record, attempts, node, ..
        } = self;
        Failed {
            record,
            cause: self.cause.map(error),
            attempts,
            node,
        }
    }
}

impl<In, E: Clone> Failed<Batch<In>, E> {
    /// The failure of a batch as one of each of its records; as one without a record, where the node kept none.
    pub fn split(self) -> impl Iterator<Item = Failed<In, E>> + use<In, E> {
        let Failed {
            record,
            cause,
            attempts,
            node,
        } = self;
        let records = match record {
            Some(batch) => batch.into_vec().into_iter().map(Some).collect(),
            None => Vec::from([None]),
        };
        records
            .into_iter()
            .map(move |record| Failed::new(node, record, cause.clone(), attempts))
    }
}

/// Where the failures of one way into a node go.
pub trait Failures<In, E, M>: Send {
    /// Takes a failure, without waiting; false when it goes nowhere.
    fn fail(&mut self, failed: Failed<In, E>, meta: M) -> bool;
    /// See [`Place::blocked`].
    fn blocked(&self) -> bool {
        false
    }
    /// See [`Place::poll_settle`].
    fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let _ = cx;
        Poll::Ready(())
    }
    /// See [`Place::poll_room`].
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let _ = cx;
        Poll::Ready(())
    }
    /// See [`Place::flush`].
    fn flush(&mut self) {}
    /// See [`Place::close`].
    fn close(&mut self) {}
}

/// They go nowhere: the stage cannot fail by itself, or the declaration says `errors -> drop;`. What fails all the same (a
/// panic) is counted as `failed` and `unwired`.
#[derive(Debug, Default)]
pub struct Unwired;

impl<In: Send, E: Send, M> Failures<In, E, M> for Unwired {
    fn fail(&mut self, failed: Failed<In, E>, _meta: M) -> bool {
        discard(failed);
        false
    }
}

// Wired: failures go into a ring.

impl<In, E, MN, M, W, P, C> Failures<In, E, MN> for Edge<Failed<In, E>, M, W, P, C>
where
    C: Cyclic,
    In: Send,
    E: Send,
    MN: Meta,
    M: Meta,
    W: Feed<Env<Failed<In, E>, M>>,
    P: Policy<Failed<In, E>, M, W>,
{
    fn fail(&mut self, failed: Failed<In, E>, meta: MN) -> bool {
        let meta = meta.with_attempts(failed.attempts);
        self.write_aside(Env {
            record: failed,
            meta: meta.carry(),
        });
        true
    }
    fn blocked(&self) -> bool {
        Place::blocked(self)
    }
    fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        Place::poll_settle(self, cx)
    }
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        Place::poll_room(self, cx)
    }
    fn flush(&mut self) {
        Place::flush(self)
    }
    fn close(&mut self) {
        Place::close(self)
    }
}
