//! `rate: 100 per 1s`

use forebay::prelude::*;
use tokio::time::Instant;

use crate::kit::feed::send_each;
use crate::support::{Bad, Do, Script, by_script, millis, scripted, until};

pipeline! {
    Paced {
        input  numbers: u64 [64];
        output done: u64 [64];
        shared script: Script;
        numbers -> scripted(script) { rate: 10 per 1s } -> done;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_too_much_waits() {
    let script = Script::new([]);
    let PacedHandle {
        numbers,
        mut done,
        control,
    } = Paced::builder().script(script.clone()).start().unwrap();
    let start = Instant::now();
    send_each(&numbers, 0..35).await;
    for n in 0..35 {
        assert_eq!(done.recv().await, Some(n), "nothing is lost, and all is in order");
        assert_eq!(millis(start) / 100, u128::from(n / 10) * 10, "record {n}");
    }
    // Little was done for long: that is not made up for.
    tokio::time::sleep(std::time::Duration::from_secs(60)).await;
    let start = Instant::now();
    send_each(&numbers, 0..25).await;
    for n in 0..25 {
        assert_eq!(done.recv().await, Some(n));
        assert_eq!(millis(start) / 100, u128::from(n / 10) * 10, "record {n}");
    }
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!(ledger.scripted.finished, 60);
}

#[tokio::test(start_paused = true)]
async fn what_waits_is_in_work_and_an_abort_cuts_it() {
    let script = Script::new([]);
    let PacedHandle { numbers, done, control } = Paced::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..20).await;
    until(|| control.ledger().scripted.in_work == 1).await;
    control.ledger().check_live().unwrap();
    let start = Instant::now();
    let ledger = control.abort().await;
    ledger.check().unwrap();
    assert_eq!(
        (ledger.scripted.finished, ledger.scripted.cut, ledger.numbers.cut),
        (10, 1, 9)
    );
    assert_eq!((millis(start), script.count()), (0, 10));
    drop(done);
}

#[tokio::test(start_paused = true)]
async fn a_drain_waits_its_turn() {
    let script = Script::new([]);
    let PacedHandle { numbers, done, control } = Paced::builder().script(script.clone()).start().unwrap();
    let start = Instant::now();
    send_each(&numbers, 0..20).await;
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.finished, millis(start) / 100), (20, 10));
    assert_eq!(done.collect::<Vec<_>>().await.len(), 20);
}

by_script! { Shared { workers: 4, rate: 2 per 1s, retry: 1 } }

#[tokio::test(start_paused = true)]
async fn workers_share_it_and_every_try_is_a_call() {
    let script = Script::new([Do::Fail, Do::Give]);
    let SharedHandle {
        numbers,
        done,
        failed,
        control,
    } = Shared::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..8).await;
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.attempts, ledger.scripted.finished), (9, 8));
    let at = script.times();
    assert_eq!(at.len(), 9);
    assert!(at.windows(3).all(|calls| calls[2] - calls[0] >= 999), "{at:?}");
    assert_eq!(at[8] / 100, 40, "and not slower than that");
    drop((done, failed));
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_does_not_wait_for_the_rate() {
    pipeline! {
        Broken {
            input  numbers: u64 [64];
            output failed: Failed<u64, Bad> [64];
            shared script: Script;
            numbers -> scripted(script) { rate: 1 per 1s, breaker: 1 in 1m } -> drop;
            scripted.errors -> failed;
        }
    }
    let script = Script::new([Do::Fail]);
    let BrokenHandle {
        numbers,
        failed,
        control,
    } = Broken::builder().script(script.clone()).start().unwrap();
    let start = Instant::now();
    send_each(&numbers, 0..20).await;
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.failed, script.count(), millis(start)), (20, 1, 0));
    drop(failed);
}
