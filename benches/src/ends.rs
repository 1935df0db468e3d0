//! The two ends of every run that goes through rings or channels: the same for this project and for its peers.
//!
//! Feeding and draining are tasks on the runtime that is measured. A row goes the same way at its ends as in its stages:
//! item by item where that is what the row is about, in batches where it is about the best that the peer has.

use std::ops::Range;

use crate::measure::{Outcome, Watch};
use crate::work::{Eye, Work};

/// How many records are handed over at once.
pub(crate) const BATCH: usize = 64;

/// The way in.
pub(crate) trait Feed<W: Work>: Send + 'static {
    /// Sends the records of these numbers, in order; `false` when nobody takes them any more.
    fn feed(&mut self, numbers: Range<u64>) -> impl Future<Output = bool> + Send;
}

/// The way out.
pub(crate) trait Drain<W: Work, E: Eye<W>>: Send + 'static {
    /// Waits for records and takes what is there; `false` at the end.
    fn drain(&mut self, eye: &mut E) -> impl Future<Output = bool> + Send;
}

/// Feeds all of these numbers, a batch at a time.
pub(crate) async fn feed_all<W: Work>(mut feed: impl Feed<W>, numbers: Range<u64>) {
    let mut next = numbers.start;
    while next < numbers.end {
        let end = numbers.end.min(next + BATCH as u64);
        if !feed.feed(next..end).await {
            return;
        }
        next = end;
    }
}

/// Drains to the end.
pub(crate) async fn drain_all<W: Work, E: Eye<W>>(mut drain: impl Drain<W, E>) -> E {
    let mut eye = E::default();
    while drain.drain(&mut eye).await {}
    eye
}

/// Feeds `n` records in at one end and drains them at the other; the stages between run already, or wait to be polled.
pub(crate) async fn drive<W: Work, E: Eye<W>>(n: u64, feed: impl Feed<W>, drain: impl Drain<W, E>) -> Outcome {
    drive_many(vec![(feed, 0..n)], drain).await
}

/// Feeds each of them the records of its numbers, all at the same time, and drains what comes out at the one end.
pub(crate) async fn drive_many<W: Work, E: Eye<W>>(feeds: Vec<(impl Feed<W>, Range<u64>)>, drain: impl Drain<W, E>) -> Outcome {
    let watch = Watch::start();
    let feeders: Vec<_> = feeds
        .into_iter()
        .map(|(feed, numbers)| tokio::spawn(feed_all(feed, numbers)))
        .collect();
    let drainer = tokio::spawn(async move {
        let eye = drain_all::<W, E>(drain).await;
        watch.stop(eye.seen())
    });
    for feeder in feeders {
        feeder.await.expect("a feeder does not panic");
    }
    drainer.await.expect("the drainer does not panic")
}
