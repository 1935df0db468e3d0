//! In a batch each record has its own time.

use std::time::Duration;

use forebay::prelude::*;
use tokio::time::{Instant, sleep};

use crate::support::{Bad, Do, Script, embed, millis, until};

pipeline! {
    Batches {
        input  numbers: u64 [8];
        output done: u64 [8];
        output failed: Failed<Batch<u64>, Bad> [8];
        shared script: Script;
        numbers -> embed(script) { batch: 4, deadline: 1s } -> done;
        embed.errors -> failed;
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_batch_the_late_records_fail() {
    let script = Script::new([Do::After(900), Do::Give]);
    let BatchesHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Batches::builder().script(script.clone()).start().unwrap();
    numbers.try_send(0).unwrap();
    until(|| script.count() == 1).await;
    // In the ring together, the one since the beginning, the other since later.
    numbers.try_send(1).unwrap();
    numbers.try_send(2).unwrap();
    sleep(Duration::from_millis(500)).await;
    numbers.try_send(3).unwrap();
    assert_eq!(done.recv().await, Some(0));
    assert_eq!(
        [done.recv().await, done.recv().await, done.recv().await],
        [Some(1), Some(2), Some(3)]
    );
    script.then([Do::Hang, Do::Give]);
    let start = Instant::now();
    numbers.try_send(4).unwrap();
    until(|| script.running() == 1).await;
    sleep(Duration::from_millis(700)).await;
    numbers.try_send(5).unwrap();
    sleep(Duration::from_millis(200)).await;
    numbers.try_send(6).unwrap();
    // The call is late when its only record is.
    let failure = failed.recv().await.unwrap();
    assert_eq!(
        (failure.record.unwrap().into_vec(), failure.cause, millis(start) / 10),
        (vec![4], Cause::Late, 100)
    );
    assert_eq!((done.recv().await, done.recv().await), (Some(5), Some(6)));
    // Of these two one is late when they are taken.
    script.then([Do::After(900), Do::Give]);
    numbers.try_send(7).unwrap();
    until(|| script.running() == 1).await;
    numbers.try_send(8).unwrap();
    sleep(Duration::from_millis(850)).await;
    assert_eq!(done.recv().await, Some(7));
    assert_eq!(done.recv().await, Some(8));
    script.then([Do::After(500), Do::Hang, Do::Give]);
    numbers.try_send(9).unwrap();
    until(|| script.running() == 1).await;
    // Four to fill a batch, which hangs until it is late; then two of their age, and two that are younger.
    for n in 10..16 {
        numbers.try_send(n).unwrap();
    }
    sleep(Duration::from_millis(400)).await;
    for n in 16..18 {
        numbers.try_send(n).unwrap();
    }
    for records in [vec![10, 11, 12, 13], vec![14, 15]] {
        let late = failed.recv().await.unwrap();
        assert_eq!((late.record.unwrap().into_vec(), late.cause), (records, Cause::Late));
    }
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!(done.collect::<Vec<_>>().await, [9, 16, 17]);
    assert_eq!((ledger.embed.failed, ledger.embed.finished), (7, 11));
}
