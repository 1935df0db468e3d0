//! With the options against faults: each call has its own tries, and its own time.

use std::time::Duration;

use forebay::prelude::*;
use tokio::time::Instant;

use crate::kit::feed::send_each;
use crate::support::{Bad, Do, Script, by_script, millis, scripted, until};

by_script! { Limited { concurrency: 4, timeout: 500ms } }

#[tokio::test(start_paused = true)]
async fn each_call_has_its_own_timeout() {
    let script = Script::new([Do::Hang, Do::After(400), Do::Hang, Do::Hang, Do::After(400), Do::Give]);
    let LimitedHandle {
        numbers,
        done,
        mut failed,
        control,
    } = Limited::builder().script(script.clone()).start().unwrap();
    let start = Instant::now();
    send_each(&numbers, 0..6).await;
    let mut late = Vec::new();
    for _ in 0..3 {
        let failed = failed.recv().await.unwrap();
        assert_eq!((failed.cause, millis(start) / 100), (Cause::Timeout, 5));
        late.push(failed.record.unwrap());
    }
    late.sort_unstable();
    assert_eq!((late, script.running()), (vec![0, 2, 3], 1));
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.finished, ledger.scripted.failed), (3, 3));
    drop(done);
}

by_script! { Tried { concurrency: 2, retry: 2, backoff: 200ms..1s } }

#[tokio::test(start_paused = true)]
async fn who_waits_for_another_try_holds_up_nobody() {
    let script = Script::new([Do::Fail, Do::Give]);
    let TriedHandle {
        numbers,
        mut done,
        failed,
        control,
    } = Tried::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..8).await;
    // One hand waits with its record, the other one does the rest meanwhile.
    until(|| script.count() >= 8).await;
    let mut all = Vec::new();
    for _ in 0..8 {
        all.push(done.recv().await.unwrap());
    }
    all.sort_unstable();
    assert!(all.into_iter().eq(0..8));
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.attempts, ledger.scripted.failed), (9, 0));
    drop(failed);
}

#[tokio::test(start_paused = true)]
async fn tries_are_counted_for_each_record() {
    let script = Script::new([Do::Fail]);
    let TriedHandle {
        numbers,
        done,
        mut failed,
        control,
    } = Tried::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..6).await;
    let mut all = Vec::new();
    for _ in 0..6 {
        let failed = failed.recv().await.unwrap();
        assert_eq!((failed.cause, failed.attempts), (Cause::Error(Bad::Again), 3));
        all.push(failed.record.unwrap());
    }
    all.sort_unstable();
    assert!(all.into_iter().eq(0..6));
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.attempts, ledger.scripted.taken), (18, 6));
    drop(done);
}

pipeline! {
    Paced {
        input  numbers: u64 [64];
        output done: u64 [64];
        shared script: Script;
        numbers -> scripted(script) { concurrency: 8, rate: 4 per 1s } -> done;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn all_calls_share_the_rate() {
    let script = Script::new([Do::After(1500)]);
    let PacedHandle { numbers, done, control } = Paced::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..12).await;
    let ledger = control.drain().await;
    ledger.check().unwrap();
    let seconds: Vec<_> = script.times().iter().map(|at| (at + 50) / 1000).collect();
    assert_eq!(seconds, [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2]);
    assert_eq!(done.collect::<Vec<_>>().await.len(), 12);
}

by_script! { Broken { concurrency: 4, breaker: 3 in 30s } }

#[tokio::test(start_paused = true)]
async fn all_calls_share_the_breaker() {
    let script = Script::new([Do::After(100), Do::Fail, Do::Fail, Do::Fail, Do::Give]);
    let BrokenHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Broken::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..8).await;
    let mut causes = Vec::new();
    for _ in 0..7 {
        causes.push(failed.recv().await.unwrap().cause);
    }
    assert_eq!(causes[..3], [const { Cause::Error(Bad::Again) }; 3]);
    assert_eq!(causes[3..], [const { Cause::BreakerOpen }; 4]);
    // The one that was let through before it opened ends as it would have.
    assert_eq!((done.recv().await, script.count()), (Some(0), 4));
    let ledger = control.drain().await;
    ledger.check().unwrap();
}

by_script! { Late { concurrency: 2, deadline: 1s } }

#[tokio::test(start_paused = true)]
async fn each_record_has_its_own_deadline() {
    let script = Script::new([Do::Hang, Do::Hang, Do::Give]);
    let LateHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Late::builder().script(script.clone()).start().unwrap();
    let start = Instant::now();
    numbers.send(0).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    send_each(&numbers, 1..4).await;
    let first = failed.recv().await.unwrap();
    assert_eq!((first.record, first.cause, millis(start) / 100), (Some(0), Cause::Late, 10));
    // Its hand is free then, and there is time left for the others.
    assert_eq!((done.recv().await, done.recv().await), (Some(2), Some(3)));
    let second = failed.recv().await.unwrap();
    assert_eq!((second.record, second.cause, millis(start) / 100), (Some(1), Cause::Late, 13));
    let ledger = control.drain().await;
    ledger.check().unwrap();
}

by_script! { Restarted { concurrency: 2, restart: 1 in 10s else drain } }

#[tokio::test(start_paused = true)]
async fn panics_of_all_calls_count_for_the_restarts() {
    let script = Script::new([Do::Panic, Do::Panic, Do::Give]);
    let RestartedHandle {
        numbers,
        done,
        failed,
        control,
    } = Restarted::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..8).await;
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert!(numbers.is_closed());
    let causes: Vec<_> = failed.collect().await;
    let panics = causes.iter().filter(|failed| matches!(failed.cause, Cause::Panic(_))).count();
    let dead = causes.iter().filter(|failed| failed.cause == Cause::WorkerDead).count();
    assert_eq!(panics, 2);
    // The other call that was under way when the second one panicked may have ended well.
    let given = done.collect::<Vec<_>>().await.len();
    assert_eq!(given + dead, 6, "nothing vanishes");
    assert!(dead >= 5 && script.count() == 2 + given, "{dead} failed as of a dead worker");
}
