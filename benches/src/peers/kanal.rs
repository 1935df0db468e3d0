//! kanal's async channels, one task a stage.

use std::ops::Range;

use kanal::{AsyncReceiver, AsyncSender, bounded_async};

use crate::ends::{Drain, Feed, drive};
use crate::harness::Outcome;
use crate::work::{Bad, Seen, Work, opaque};

/// Five tasks that `recv` and `send`.
pub(crate) async fn item_by_item<W: Work>(n: u64, capacity: usize) -> Outcome {
    let (feed, input) = bounded_async(capacity);
    let input = spawn_item_by_item(input, capacity, opaque::<W, 0>);
    let input = spawn_item_by_item(input, capacity, opaque::<W, 1>);
    let input = spawn_item_by_item(input, capacity, opaque::<W, 2>);
    let input = spawn_item_by_item(input, capacity, opaque::<W, 3>);
    let output = spawn_item_by_item(input, capacity, opaque::<W, 4>);
    drive(n, feed, One(output)).await
}

/// Five tasks that take what is there with `drain_into`: kanal has nothing of the kind for sending.
pub(crate) async fn batched<W: Work>(n: u64, capacity: usize) -> Outcome {
    let (feed, input) = bounded_async(capacity);
    let input = spawn_batched(input, capacity, opaque::<W, 0>);
    let input = spawn_batched(input, capacity, opaque::<W, 1>);
    let input = spawn_batched(input, capacity, opaque::<W, 2>);
    let input = spawn_batched(input, capacity, opaque::<W, 3>);
    let output = spawn_batched(input, capacity, opaque::<W, 4>);
    drive(n, feed, Many(output, Vec::new())).await
}

fn spawn_item_by_item<W, F>(input: AsyncReceiver<W>, capacity: usize, stage: F) -> AsyncReceiver<W>
where
    W: Work,
    F: Fn(W) -> Result<W, Bad> + Send + 'static,
{
    let (to, output) = bounded_async(capacity);
    tokio::spawn(async move {
        while let Ok(record) = input.recv().await {
            if let Ok(record) = stage(record)
                && to.send(record).await.is_err()
            {
                break;
            }
        }
    });
    output
}

fn spawn_batched<W, F>(input: AsyncReceiver<W>, capacity: usize, stage: F) -> AsyncReceiver<W>
where
    W: Work,
    F: Fn(W) -> Result<W, Bad> + Send + 'static,
{
    let (to, output) = bounded_async(capacity);
    tokio::spawn(async move {
        let mut batch = Vec::new();
        while take(&input, &mut batch).await {
            for record in batch.drain(..) {
                if let Ok(record) = stage(record)
                    && to.send(record).await.is_err()
                {
                    return;
                }
            }
        }
    });
    output
}

/// Waits for one record and takes all that came with it; `false` at the end.
async fn take<W: Work>(from: &AsyncReceiver<W>, into: &mut Vec<W>) -> bool {
    let Ok(record) = from.recv().await else { return false };
    into.push(record);
    // An error here is the end, which the next call meets again.
    from.drain_into(into).is_ok() || !into.is_empty()
}

impl<W: Work> Feed<W> for AsyncSender<W> {
    async fn feed(&mut self, numbers: Range<u64>) -> bool {
        for i in numbers {
            if self.send(W::make(i)).await.is_err() {
                return false;
            }
        }
        true
    }
}

/// An end that goes item by item.
struct One<W>(AsyncReceiver<W>);

impl<W: Work> Drain<W> for One<W> {
    async fn drain(&mut self, seen: &mut Seen) -> bool {
        let record = self.0.recv().await;
        record.inspect(|record| seen.add(record)).is_ok()
    }
}

/// An end that goes in batches.
struct Many<W>(AsyncReceiver<W>, Vec<W>);

impl<W: Work> Drain<W> for Many<W> {
    async fn drain(&mut self, seen: &mut Seen) -> bool {
        let more = take(&self.0, &mut self.1).await;
        self.1.drain(..).for_each(|record| seen.add(&record));
        more
    }
}
