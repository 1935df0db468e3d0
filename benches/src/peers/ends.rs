//! The ends of a peer: what it offers, and how a feeder, a drainer and a stage go over it.

use std::ops::Range;

use super::Relay;
use crate::ends::{BATCH, Drain, Feed};
use crate::work::{Bad, Eye, Work};

/// Takes records in, one by one.
///
/// A peer returns its own future, and not an `async` block around it: that would cost some of them half as much again.
pub(crate) trait Give<W>: Send + 'static {
    /// Waits for room.
    fn give(&mut self, record: W) -> impl Future<Output = impl Given> + Send;
}

/// What a peer says when it was given a record.
pub(crate) trait Given: Send {
    /// `false` when nobody takes records any more.
    fn went(self) -> bool;
}

impl Given for bool {
    fn went(self) -> bool {
        self
    }
}

impl<E: Send> Given for Result<(), E> {
    fn went(self) -> bool {
        self.is_ok()
    }
}

/// Gives records out, one by one: also the peer's own future.
pub(crate) trait Take<W>: Send + 'static {
    /// Waits for a record.
    fn take(&mut self) -> impl Future<Output = impl Taken<W>> + Send;
}

/// What a peer gives.
pub(crate) trait Taken<W>: Send {
    /// `None` at the end.
    fn record(self) -> Option<W>;
}

impl<W: Send> Taken<W> for Option<W> {
    fn record(self) -> Option<W> {
        self
    }
}

impl<W: Send, E: Send> Taken<W> for Result<W, E> {
    fn record(self) -> Option<W> {
        self.ok()
    }
}

/// Takes records in, many at once.
pub(crate) trait GiveMany<W>: Send + 'static {
    /// Waits for room for all of them, of which there are at most `most`; `false` when nobody takes records any more.
    fn give_many(&mut self, most: usize, records: impl Iterator<Item = W> + Send) -> impl Future<Output = bool> + Send;
}

/// Gives records out, many at once.
pub(crate) trait TakeMany<W>: Send + 'static {
    /// Waits for records and takes what is there, about a [`BATCH`]; `false` at the end.
    fn take_many(&mut self, into: &mut Vec<W>) -> impl Future<Output = bool> + Send;
}

/// An end that goes item by item.
#[derive(Clone)]
pub(crate) struct One<T>(pub(crate) T);

impl<W: Work, T: Give<W>> Feed<W> for One<T> {
    async fn feed(&mut self, numbers: Range<u64>) -> bool {
        for i in numbers {
            if !self.0.give(W::make(i)).await.went() {
                return false;
            }
        }
        true
    }
}

impl<W: Work, E: Eye<W>, T: Take<W>> Drain<W, E> for One<T> {
    async fn drain(&mut self, eye: &mut E) -> bool {
        let record = self.0.take().await.record();
        record.inspect(|record| eye.look(record)).is_some()
    }
}

impl<W: Work, T: Take<W>, U: Give<W>> Relay<W, One<U>> for One<T> {
    async fn relay(mut self, mut to: One<U>, stage: impl Fn(W) -> Result<W, Bad> + Send + Sync + 'static) {
        while let Some(record) = self.0.take().await.record() {
            if let Ok(record) = stage(record)
                && !to.0.give(record).await.went()
            {
                return;
            }
        }
    }
}

/// An end that goes in batches.
#[derive(Clone)]
pub(crate) struct Many<T>(pub(crate) T);

impl<W: Work, T: GiveMany<W>> Feed<W> for Many<T> {
    async fn feed(&mut self, numbers: Range<u64>) -> bool {
        let most = (numbers.end - numbers.start) as usize;
        self.0.give_many(most, numbers.map(W::make)).await
    }
}

/// The other end that goes in batches, with its batch.
pub(crate) struct ManyOut<T, W>(pub(crate) T, Vec<W>);

impl<T, W> ManyOut<T, W> {
    pub(crate) fn new(end: T) -> Self {
        ManyOut(end, Vec::with_capacity(BATCH))
    }
}

impl<W: Work, E: Eye<W>, T: TakeMany<W>> Drain<W, E> for ManyOut<T, W> {
    async fn drain(&mut self, eye: &mut E) -> bool {
        let more = self.0.take_many(&mut self.1).await;
        self.1.drain(..).for_each(|record| eye.look(&record));
        more
    }
}

impl<W: Work, T: TakeMany<W>, U: GiveMany<W>> Relay<W, Many<U>> for ManyOut<T, W> {
    async fn relay(mut self, mut to: Many<U>, stage: impl Fn(W) -> Result<W, Bad> + Send + Sync + 'static) {
        while self.0.take_many(&mut self.1).await {
            let most = self.1.len();
            if !to
                .0
                .give_many(most, self.1.drain(..).filter_map(|record| stage(record).ok()))
                .await
            {
                return;
            }
        }
    }
}

/// An end without a way to give many at once: it gives each by itself.
#[derive(Clone)]
pub(crate) struct Each<T>(pub(crate) T);

impl<W: Work, T: Give<W>> GiveMany<W> for Each<T> {
    async fn give_many(&mut self, _: usize, records: impl Iterator<Item = W> + Send) -> bool {
        for record in records {
            if !self.0.give(record).await.went() {
                return false;
            }
        }
        true
    }
}
