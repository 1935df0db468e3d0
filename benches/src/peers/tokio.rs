//! tokio's mpsc channels, one task a stage.

use std::ops::Range;

use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::ends::{BATCH, Drain, Feed, drive};
use crate::harness::Outcome;
use crate::work::{Bad, Seen, Work, opaque};

/// Five tasks that `recv` and `send`: what users write.
pub(crate) async fn item_by_item<W: Work>(n: u64, capacity: usize) -> Outcome {
    let (feed, input) = channel(capacity);
    let input = spawn_item_by_item(input, capacity, opaque::<W, 0>);
    let input = spawn_item_by_item(input, capacity, opaque::<W, 1>);
    let input = spawn_item_by_item(input, capacity, opaque::<W, 2>);
    let input = spawn_item_by_item(input, capacity, opaque::<W, 3>);
    let output = spawn_item_by_item(input, capacity, opaque::<W, 4>);
    drive(n, One(feed), One(output)).await
}

/// Five tasks that `recv_many` and `reserve_many`: the best that tokio has.
pub(crate) async fn batched<W: Work>(n: u64, capacity: usize) -> Outcome {
    let (feed, input) = channel(capacity);
    let input = spawn_batched(input, capacity, opaque::<W, 0>);
    let input = spawn_batched(input, capacity, opaque::<W, 1>);
    let input = spawn_batched(input, capacity, opaque::<W, 2>);
    let input = spawn_batched(input, capacity, opaque::<W, 3>);
    let output = spawn_batched(input, capacity, opaque::<W, 4>);
    drive(n, Many(feed, Vec::new()), Many(output, Vec::with_capacity(BATCH))).await
}

fn spawn_item_by_item<W, F>(mut input: Receiver<W>, capacity: usize, stage: F) -> Receiver<W>
where
    W: Work,
    F: Fn(W) -> Result<W, Bad> + Send + 'static,
{
    let (to, output) = channel(capacity);
    tokio::spawn(async move {
        while let Some(record) = input.recv().await {
            if let Ok(record) = stage(record)
                && to.send(record).await.is_err()
            {
                break;
            }
        }
    });
    output
}

fn spawn_batched<W, F>(mut input: Receiver<W>, capacity: usize, stage: F) -> Receiver<W>
where
    W: Work,
    F: Fn(W) -> Result<W, Bad> + Send + 'static,
{
    let (to, output) = channel(capacity);
    let most = BATCH.min(capacity);
    tokio::spawn(async move {
        let mut batch = Vec::with_capacity(most);
        while input.recv_many(&mut batch, most).await > 0 {
            let Ok(room) = to.reserve_many(batch.len()).await else { break };
            for (permit, record) in room.zip(batch.drain(..)) {
                if let Ok(record) = stage(record) {
                    permit.send(record);
                }
            }
        }
    });
    output
}

/// An end that goes item by item.
struct One<T>(T);

impl<W: Work> Feed<W> for One<Sender<W>> {
    async fn feed(&mut self, numbers: Range<u64>) -> bool {
        for i in numbers {
            if self.0.send(W::make(i)).await.is_err() {
                return false;
            }
        }
        true
    }
}

impl<W: Work> Drain<W> for One<Receiver<W>> {
    async fn drain(&mut self, seen: &mut Seen) -> bool {
        let record = self.0.recv().await;
        record.inspect(|record| seen.add(record)).is_some()
    }
}

/// An end that goes in batches.
struct Many<T, W>(T, Vec<W>);

impl<W: Work> Feed<W> for Many<Sender<W>, W> {
    async fn feed(&mut self, mut numbers: Range<u64>) -> bool {
        while !numbers.is_empty() {
            let some = (numbers.end - numbers.start).min(self.0.max_capacity() as u64);
            let Ok(room) = self.0.reserve_many(some as usize).await else {
                return false;
            };
            for (permit, i) in room.zip(numbers.start..) {
                permit.send(W::make(i));
            }
            numbers.start += some;
        }
        true
    }
}

impl<W: Work> Drain<W> for Many<Receiver<W>, W> {
    async fn drain(&mut self, seen: &mut Seen) -> bool {
        let some = self.0.recv_many(&mut self.1, BATCH).await;
        self.1.drain(..).for_each(|record| seen.add(&record));
        some > 0
    }
}
