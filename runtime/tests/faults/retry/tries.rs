//! How often, and after what waits.

use std::sync::Arc;
use std::time::Duration;

use forebay::prelude::*;
use tokio::time::Instant;

use crate::kit::feed::send_each;
use crate::support::{Bad, Do, Script, by_script, millis, scripted, until};

by_script! { pub Tried { retry: 3, backoff: 100ms..300ms } drain 5s; }

#[tokio::test(start_paused = true)]
async fn a_record_that_fails_is_tried_again() {
    let script = Script::new([Do::Fail, Do::Fail, Do::Fail, Do::Give, Do::Fail, Do::Give]);
    let TriedHandle {
        numbers,
        mut done,
        failed,
        control,
    } = Tried::builder().script(script.clone()).start().unwrap();
    numbers.send(1).await.unwrap();
    numbers.send(2).await.unwrap();
    assert_eq!((done.recv().await, done.recv().await), (Some(1), Some(2)));
    let ledger = control.drain().await;
    ledger.check().unwrap();
    let node = ledger.scripted;
    assert_eq!((node.taken, node.finished, node.failed, node.attempts), (2, 2, 0, 6));
    let gaps = script.gaps();
    // Up to 100, 200, then 300 ms; a millisecond is the timer's.
    assert!(
        gaps[0] <= 101 && gaps[1] <= 201 && gaps[2] <= 301 && gaps[4] <= 101,
        "{gaps:?}"
    );
    assert!(failed.collect::<Vec<_>>().await.is_empty());
}

#[tokio::test(start_paused = true)]
async fn tries_are_counted_and_end() {
    let script = Script::new([Do::Fail]);
    let TriedHandle {
        numbers,
        done,
        mut failed,
        control,
    } = Tried::builder().script(script.clone()).start().unwrap();
    numbers.send(1).await.unwrap();
    let failure = failed.recv().await.unwrap();
    assert_eq!(failure, Failed::new("scripted", Some(1), Cause::Error(Bad::Again), 4));
    let ledger = control.drain().await;
    ledger.check().unwrap();
    let node = ledger.scripted;
    assert_eq!((node.taken, node.failed, node.attempts, script.count()), (1, 1, 4, 4));
    drop(done);
}

#[tokio::test(start_paused = true)]
async fn waits_differ_from_each_other() {
    let script = Script::new([Do::Fail]);
    let TriedHandle {
        numbers,
        done,
        failed,
        control,
    } = Tried::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..8).await;
    control.drain().await.check().unwrap();
    let gaps = script.gaps();
    // Of the first waits of eight records not all are the same.
    let firsts: std::collections::BTreeSet<_> = gaps.iter().step_by(4).collect();
    assert!(firsts.len() > 1, "{gaps:?}");
    drop((done, failed));
}

/// Sends one record that fails, and lets it come to its wait.
async fn waiting() -> (Arc<Script>, TriedHandle) {
    // The wait is any up to 100 ms: one in a hundred is none at all.
    loop {
        let script = Script::new([Do::Fail, Do::Hang]);
        let handle = Tried::builder().script(script.clone()).start().unwrap();
        send_each(&handle.numbers, 0..3).await;
        until(|| script.count() > 0).await;
        if script.count() == 1 {
            return (script, handle);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_waits_for_another_try_is_in_work_and_an_abort_cuts_it() {
    let (
        script,
        TriedHandle {
            done, failed, control, ..
        },
    ) = waiting().await;
    assert_eq!(control.ledger().scripted.in_work, 1);
    control.ledger().check_live().unwrap();
    let start = Instant::now();
    let ledger = control.abort().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.cut, ledger.numbers.cut, ledger.scripted.attempts), (1, 2, 1));
    assert_eq!((millis(start), script.count()), (0, 1));
    drop((done, failed));
}

#[tokio::test(start_paused = true)]
async fn a_drain_waits_for_another_try_and_its_deadline_ends_it() {
    let (
        script,
        TriedHandle {
            done, failed, control, ..
        },
    ) = waiting().await;
    let start = Instant::now();
    // The next try hangs.
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.cut, ledger.numbers.cut, ledger.scripted.attempts), (1, 2, 2));
    assert_eq!((millis(start) / 100, script.count()), (50, 2));
    drop((done, failed));

    let (
        script,
        TriedHandle {
            mut done,
            control,
            failed,
            ..
        },
    ) = waiting().await;
    script.then([Do::Give]);
    let drain = control.drain();
    assert_eq!(done.recv().await, Some(0));
    assert_eq!((done.recv().await, done.recv().await), (Some(1), Some(2)));
    let ledger = drain.await;
    ledger.check().unwrap();
    assert_eq!(ledger.scripted.finished, 3);
    drop(failed);
}

by_script! { Both { timeout: 100ms, retry: 2 } }

#[tokio::test(start_paused = true)]
async fn each_try_has_the_whole_timeout_and_one_that_was_too_slow_is_tried_again() {
    let script = Script::new([Do::Hang, Do::After(90), Do::Hang, Do::Fail, Do::Hang]);
    let BothHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Both::builder().script(script.clone()).start().unwrap();
    let start = Instant::now();
    numbers.send(1).await.unwrap();
    assert_eq!(done.recv().await, Some(1));
    assert_eq!(millis(start) / 10, 19);
    numbers.send(2).await.unwrap();
    assert_eq!(
        failed.recv().await.unwrap(),
        Failed::new("scripted", Some(2), Cause::Timeout, 3)
    );
    assert_eq!((millis(start) / 10, script.running()), (39, 0));
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!(
        (ledger.scripted.attempts, ledger.scripted.failed, ledger.scripted.finished),
        (5, 1, 1)
    );
}

#[test]
fn workers_try_again_each_for_itself() {
    pipeline! {
        Many {
            input  numbers: u64 [64];
            output done: u64 [64];
            shared flaky: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
            numbers -> flaking(flaky) { workers: 3, retry: 20, backoff: 1ms..2ms } -> done;
            errors -> drop;
        }
    }
    #[stage]
    fn flaking(n: u64, flaky: &std::sync::atomic::AtomicU64) -> Result<u64, ()> {
        match flaky.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % 5 {
            4 => Ok(n),
            _ => Err(()),
        }
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let ManyHandle { numbers, done, control } = Many::builder().start().unwrap();
        send_each(&numbers, 0..64).await;
        let ledger = tokio::time::timeout(Duration::from_secs(30), control.drain())
            .await
            .expect("it ends");
        ledger.check().unwrap();
        let given = done.collect::<Vec<_>>().await.len() as u64;
        assert_eq!((ledger.flaking.finished, ledger.flaking.failed + given), (given, 64));
        assert!(ledger.flaking.attempts >= 5 * given);
    });
}
