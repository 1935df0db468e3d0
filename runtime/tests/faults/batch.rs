//! The same options at a stage that takes batches: a batch is tried, and fails, as one.

use forebay::prelude::*;
use tokio::time::Instant;

use crate::support::{Bad, Do, Script, millis, until};

#[stage]
async fn embed(batch: Batch<u64>, script: &Script) -> Result<Vec<u64>, Bad> {
    script.run(()).await?;
    Ok(batch.iter().map(|n| n * 10).collect())
}
pipeline! {
    Embeds {
        drain 5s;
        input  numbers: u64 [8];
        output done: u64 [8];
        output failed: Failed<Batch<u64>, Bad> [8];
        shared script: Script;
        numbers -> embed(script) { batch: 4, timeout: 100ms, retry: 2, backoff: 10ms..1s } -> done;
        embed.errors -> failed;
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_tried_again_and_fails_as_one() {
    let script = Script::new([Do::Hang, Do::Fail, Do::Give, Do::Hang, Do::Fail, Do::Hang]);
    let EmbedsHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Embeds::builder().script(script.clone()).start().unwrap();
    for n in 0..8 {
        numbers.try_send(n).unwrap();
    }
    for n in 0..4 {
        assert_eq!(done.recv().await, Some(n * 10));
    }
    let failure = failed.recv().await.unwrap();
    assert_eq!(failure.record.unwrap().into_vec(), [4, 5, 6, 7]);
    assert_eq!((failure.cause, failure.attempts, script.count()), (Cause::Timeout, 3, 6));
    let ledger = control.drain().await;
    ledger.check().unwrap();
    let node = ledger.embed;
    assert_eq!((node.taken, node.finished, node.failed, node.attempts), (8, 4, 4, 24));
}

#[tokio::test(start_paused = true)]
async fn an_abort_cuts_a_batch_that_waits() {
    for calls in [[Do::Hang, Do::Hang], [Do::Fail, Do::Fail]] {
        let script = Script::new(calls);
        let EmbedsHandle {
            numbers,
            done,
            failed,
            control,
        } = Embeds::builder().script(script.clone()).start().unwrap();
        for n in 0..7 {
            numbers.try_send(n).unwrap();
        }
        until(|| script.count() > 0).await;
        let start = Instant::now();
        let ledger = control.abort().await;
        ledger.check().unwrap();
        let node = ledger.embed;
        // A wait may be over at once.
        assert!(node.cut == 4 || node.failed == 4, "{ledger}");
        assert_eq!((node.cut + node.failed, ledger.numbers.cut), (4, 3));
        assert_eq!((millis(start), script.running()), (0, 0));
        drop((done, failed));
    }
}
