//! What users have today, each with the best that it has and with what users write.
//!
//! A peer says how one record, or many, go into it and come out ([`Give`], [`Take`], [`GiveMany`], [`TakeMany`]). Everything
//! else is written once: its ends ([`One`], [`Many`]) and the task of a stage between two of them ([`Relay`]).

pub(crate) mod array_queue;
pub(crate) mod async_channel;
pub(crate) mod broadcast;
pub(crate) mod direct;
mod ends;
pub(crate) mod flume;
pub(crate) mod kanal;
pub(crate) mod newest;
pub(crate) mod rtrb;
pub(crate) mod tachyonix;
pub(crate) mod thingbuf;
pub(crate) mod tokio;

pub(crate) use ends::{Each, Give, GiveMany, Given, Many, ManyOut, One, Take, TakeMany, Taken};

use crate::ends::{Drain, Feed, drive};
use crate::measure::Outcome;
use crate::work::{Bad, Seen, Stages, Work};

/// A way to join two tasks.
pub(crate) trait Link<W: Work>: Named {
    type Tx: Feed<W>;
    type Rx: Drain<W, Seen>;

    /// The two ends of one that holds so many records.
    fn open(capacity: usize) -> (Self::Tx, Self::Rx);
}

/// Who it is.
pub(crate) trait Named: 'static {
    /// What its rows are called.
    const NAME: &'static str;
}

/// The end that a stage takes from, going the same way as the end that it gives to.
pub(crate) trait Relay<W, Tx>: Send + 'static {
    /// Takes each record through `stage`, and what that gives on to `to`, until the end.
    fn relay(
        self,
        to: Tx,
        stage: impl Fn(W) -> Result<W, Bad> + Send + Sync + 'static,
    ) -> impl Future<Output = ()> + Send + 'static;
}

/// A stage in a task of its own, behind `from`: the end behind the stage.
pub(crate) fn behind<L, W>(from: L::Rx, capacity: usize, stage: impl Fn(W) -> Result<W, Bad> + Send + Sync + 'static) -> L::Rx
where
    L: Link<W, Rx: Relay<W, L::Tx>>,
    W: Work,
{
    let (to, rx) = L::open(capacity);
    ::tokio::spawn(from.relay(to, stage));
    rx
}

/// Five stages, a task each, behind `from`.
pub(crate) fn five_behind<L, W, S>(from: L::Rx, capacity: usize) -> L::Rx
where
    L: Link<W, Rx: Relay<W, L::Tx>>,
    W: Work,
    S: Stages,
{
    let rx = behind::<L, W>(from, capacity, S::stage::<W, 0>);
    let rx = behind::<L, W>(rx, capacity, S::stage::<W, 1>);
    let rx = behind::<L, W>(rx, capacity, S::stage::<W, 2>);
    let rx = behind::<L, W>(rx, capacity, S::stage::<W, 3>);
    behind::<L, W>(rx, capacity, S::stage::<W, 4>)
}

/// Takes `n` records through five stages.
pub(crate) async fn five<L, W, S>(n: u64, capacity: usize) -> Outcome
where
    L: Link<W, Rx: Relay<W, L::Tx>>,
    W: Work,
    S: Stages,
{
    let (feed, rx) = L::open(capacity);
    drive::<W, Seen>(n, feed, five_behind::<L, W, S>(rx, capacity)).await
}
