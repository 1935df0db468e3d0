//! The two ends of every run that goes through rings or channels: the same for this project and for its peers.
//!
//! Feeding and draining are tasks on the runtime that is measured. A row goes the same way at its ends as in its stages:
//! item by item where that is what the row is about, in batches where it is about the best that the peer has.

use std::ops::Range;

use crate::harness::{Outcome, Watch};
use crate::work::{Seen, Work};

/// How many records are handed over at once.
pub(crate) const BATCH: usize = 64;

/// The way in.
pub(crate) trait Feed<W: Work>: Send + 'static {
    /// Sends the records of these numbers, in order; `false` when nobody takes them any more.
    fn feed(&mut self, numbers: Range<u64>) -> impl Future<Output = bool> + Send;
}

/// The way out.
pub(crate) trait Drain<W: Work>: Send + 'static {
    /// Waits for records and takes what is there; `false` at the end.
    fn drain(&mut self, seen: &mut Seen) -> impl Future<Output = bool> + Send;
}

/// Feeds `n` records in at one end and drains them at the other; the stages between run already, or wait to be polled.
pub(crate) async fn drive<W: Work>(n: u64, mut feed: impl Feed<W>, mut drain: impl Drain<W>) -> Outcome {
    let watch = Watch::start();
    let feeder = tokio::spawn(async move {
        let mut next = 0;
        while next < n {
            let end = n.min(next + BATCH as u64);
            if !feed.feed(next..end).await {
                break;
            }
            next = end;
        }
    });
    let drainer = tokio::spawn(async move {
        let mut seen = Seen::default();
        while drain.drain(&mut seen).await {}
        watch.stop(seen)
    });
    feeder.await.expect("the feeder does not panic");
    drainer.await.expect("the drainer does not panic")
}
