//! The same options at a stage that takes batches: a batch is tried, and fails, as one.

use forebay::prelude::*;
use tokio::time::Instant;

use crate::kit::feed::send_each;
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

#[derive(Default)]
struct Sizes(std::sync::Mutex<Vec<(usize, u128)>>);
#[stage]
async fn sized(batch: Batch<u64>, sizes: &Sizes, start: &Instant) -> Vec<u64> {
    sizes.0.lock().unwrap().push((batch.len(), millis(*start)));
    batch.into_vec()
}
pipeline! {
    Gathers {
        input  numbers: u64 [8];
        output done: u64 [64];
        shared sizes: Sizes;
        shared start: Instant = Instant::now();
        numbers -> sized(sizes, start) { batch: 4 within 10ms } -> done;
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_waits_for_more_but_not_for_long() {
    let sizes = std::sync::Arc::new(Sizes::default());
    let GathersHandle {
        numbers,
        mut done,
        control,
    } = Gathers::builder().sizes(sizes.clone()).start().unwrap();
    let nap = |millis| tokio::time::sleep(std::time::Duration::from_millis(millis));
    let start = Instant::now();
    // Four that come within the time are a batch at once.
    for n in 0..4 {
        numbers.send(n).await.unwrap();
        nap(2).await;
    }
    assert_eq!(done.recv().await, Some(0));
    assert!((6..=12).contains(&millis(start)), "{}", millis(start));
    for n in 1..4 {
        assert_eq!(done.recv().await, Some(n));
    }
    // Two are a batch when the time is over, which begins with the first of them.
    nap(500).await;
    let start = Instant::now();
    numbers.send(4).await.unwrap();
    nap(5).await;
    numbers.send(5).await.unwrap();
    assert_eq!((done.recv().await, done.recv().await), (Some(4), Some(5)));
    assert!((10..=13).contains(&millis(start)), "{}", millis(start));
    // What is there does not wait: two batches of four, then one that waits.
    let start = Instant::now();
    for n in 0..8 {
        numbers.try_send(n).unwrap();
    }
    for n in 0..8 {
        assert_eq!(done.recv().await, Some(n));
    }
    assert_eq!(millis(start), 0);
    // An input that ends does not wait either.
    let start = Instant::now();
    numbers.send(8).await.unwrap();
    until(|| control.ledger().numbers.taken == 15).await;
    assert_eq!(control.ledger().sized.taken, 14, "it waits for more");
    control.ledger().check_live().unwrap();
    drop(numbers);
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert_eq!((done.recv().await, millis(start)), (Some(8), 0));
    let sizes: Vec<usize> = sizes.0.lock().unwrap().iter().map(|(size, _)| *size).collect();
    assert_eq!(sizes, [4, 2, 4, 4, 1]);
}

#[tokio::test(start_paused = true)]
async fn what_a_batch_has_gathered_is_cut_by_an_abort() {
    let GathersHandle { numbers, done, control } = Gathers::builder().sizes(Sizes::default()).start().unwrap();
    send_each(&numbers, 0..3).await;
    until(|| control.ledger().numbers.taken == 3).await;
    let start = Instant::now();
    let ledger = control.abort().await;
    ledger.check().unwrap();
    assert_eq!((ledger.sized.taken, ledger.sized.cut, millis(start)), (3, 3, 0));
    drop(done);
}

#[test]
fn what_a_batch_has_gathered_is_cut_when_the_runtime_ends() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(true)
        .build()
        .unwrap();
    let (done, control) = runtime.block_on(async {
        let GathersHandle { numbers, done, control } = Gathers::builder().sizes(Sizes::default()).start().unwrap();
        send_each(&numbers, 0..3).await;
        until(|| control.ledger().numbers.taken == 3).await;
        (done, control)
    });
    drop(runtime);
    let ledger = control.finished_blocking();
    ledger.check().unwrap();
    assert_eq!((ledger.sized.taken, ledger.sized.cut), (3, 3));
    drop(done);
}
