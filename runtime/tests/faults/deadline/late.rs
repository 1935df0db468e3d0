//! What is late, and what that ends.

use std::time::Duration;

use forebay::prelude::*;
use tokio::time::{Instant, sleep};

use crate::kit::feed::send_each;
use crate::support::{Bad, Do, Script, by_script, millis, scripted, until};

#[stage]
pub fn same(n: u64) -> u64 {
    n
}

pipeline! {
    Late {
        input  numbers: u64 [64];
        output done: u64 [64];
        output failed: Failed<u64, Bad> [64];
        shared script: Script;
        shared first: std::sync::Arc<Script>;
        numbers -> slow(first) -[16]-> same -[16]-> scripted(script) { deadline: 1s } -> done;
        scripted.errors -> failed;
        slow.errors -> drop;
    }
}

/// What takes its time before.
#[stage]
async fn slow(n: u64, first: &std::sync::Arc<Script>) -> Result<u64, Bad> {
    first.run(n).await
}

#[tokio::test(start_paused = true)]
async fn what_is_late_when_it_is_taken_is_not_worked_on() {
    // Three records of 400 ms each: the third comes too late, though it is quick itself.
    let (first, script) = (Script::new([Do::After(400)]), Script::new([Do::Give]));
    let LateHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Late::builder().script(script.clone()).first(first).start().unwrap();
    // The port has room for all: they come in now, and wait in its ring.
    for n in 0..4 {
        numbers.try_send(n).unwrap();
    }
    sleep(Duration::from_millis(1100)).await;
    numbers.try_send(4).unwrap();
    assert_eq!((done.recv().await, done.recv().await), (Some(0), Some(1)));
    for n in [2, 3] {
        assert_eq!(failed.recv().await.unwrap(), Failed::new("scripted", Some(n), Cause::Late, 1));
    }
    assert_eq!(done.recv().await, Some(4), "in at 1.1 s, and here at 2 s");
    let ledger = control.drain().await;
    ledger.check().unwrap();
    let node = ledger.scripted;
    assert_eq!((node.taken, node.finished, node.failed, script.count()), (5, 3, 2, 3));
}

#[tokio::test(start_paused = true)]
async fn what_becomes_late_while_it_is_worked_on_is_dropped() {
    let (first, script) = (
        Script::new([Do::After(300)]),
        Script::new([Do::Hang, Do::After(900), Do::After(500)]),
    );
    let LateHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Late::builder().script(script.clone()).first(first).start().unwrap();
    let start = Instant::now();
    for n in 0..3 {
        numbers.try_send(n).unwrap();
        assert_eq!(control.ledger().failed.taken, n.min(2));
        if n < 2 {
            // From entry and not from when the node takes it: 300 ms are gone by then.
            assert_eq!(failed.recv().await.unwrap(), Failed::new("scripted", Some(n), Cause::Late, 1));
            assert_eq!((millis(start) / 10, script.running()), (100 * (u128::from(n) + 1), 0));
        }
    }
    assert_eq!(done.recv().await, Some(2));
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.failed, ledger.scripted.finished), (2, 1));
}

// The wait before another try is any time up to that: longer than the deadline but once in ten thousand million times.
by_script! { Guarded { deadline: 1s, timeout: 700ms, retry: 9, backoff: 1000000h..1000000h, breaker: 2 in 1h, rate: 1 per 5s } }

#[tokio::test(start_paused = true)]
async fn the_deadline_ends_tries_waits_and_calls_and_is_no_failure_of_the_stage() {
    let script = Script::new([Do::Hang, Do::Hang, Do::Give]);
    let GuardedHandle {
        numbers,
        done,
        mut failed,
        control,
    } = Guarded::builder().script(script.clone()).start().unwrap();
    let start = Instant::now();
    numbers.send(0).await.unwrap();
    // The timeout is the breaker's first failure; the wait for another try ends with the deadline.
    let failure = failed.recv().await.unwrap();
    assert_eq!((failure.cause, failure.attempts, millis(start) / 10), (Cause::Late, 2, 100));
    // The next one's turn by the rate would come too late: that is told at once.
    numbers.send(1).await.unwrap();
    let failure = failed.recv().await.unwrap();
    assert_eq!((failure.cause, failure.attempts, millis(start) / 10), (Cause::Late, 1, 100));
    assert_eq!((script.count(), script.running()), (1, 0));
    // There is time for one call, and no more.
    sleep(Duration::from_secs(100)).await;
    numbers.send(2).await.unwrap();
    let failure = failed.recv().await.unwrap();
    assert_eq!(
        (failure.cause, failure.attempts),
        (Cause::Timeout, 1),
        "the breaker opens, and ends the tries"
    );
    let ledger = control.drain().await;
    ledger.check().unwrap();
    drop(done);
}

#[tokio::test(start_paused = true)]
async fn a_call_that_the_deadline_ends_says_nothing_to_the_breaker() {
    by_script! { Broken { deadline: 1s, breaker: 1 in 1h } }
    let script = Script::new([Do::Hang, Do::Give]);
    let BrokenHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Broken::builder().script(script).start().unwrap();
    numbers.send(0).await.unwrap();
    assert_eq!(failed.recv().await.unwrap().cause, Cause::Late);
    numbers.send(1).await.unwrap();
    assert_eq!(done.recv().await, Some(1));
    control.drain().await.check().unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_is_late_takes_neither_the_turn_nor_the_probe_of_others() {
    by_script! { Probed { deadline: 1s, breaker: 1 in 2s, rate: 1 per 5s } }
    let script = Script::new([Do::Fail, Do::Give]);
    let ProbedHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Probed::builder().script(script.clone()).start().unwrap();
    numbers.send(0).await.unwrap();
    assert_eq!(failed.recv().await.unwrap().cause, Cause::Error(Bad::Again));
    // Half open: each of them is let through to probe, and its turn by the rate would be too late.
    sleep(Duration::from_millis(2500)).await;
    for n in 1..10 {
        numbers.send(n).await.unwrap();
        assert_eq!(failed.recv().await.unwrap().cause, Cause::Late);
    }
    // This one waits for its turn, and closes the breaker.
    sleep(Duration::from_millis(2000)).await;
    numbers.send(10).await.unwrap();
    assert_eq!(done.recv().await, Some(10));
    assert_eq!(script.times()[1] / 10, 500);
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.failed, ledger.scripted.finished), (10, 1));
}

#[tokio::test(start_paused = true)]
async fn an_abort_cuts_what_may_become_late() {
    let script = Script::new([Do::Hang]);
    let GuardedHandle {
        numbers,
        done,
        failed,
        control,
    } = Guarded::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..3).await;
    until(|| control.ledger().scripted.in_work == 1).await;
    let ledger = control.abort().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.cut, ledger.numbers.cut), (1, 2));
    drop((done, failed));
}

#[test]
fn a_deadline_on_threads() {
    #[stage(runtime = none)]
    async fn never(_: u64) -> u64 {
        std::future::pending().await
    }
    pipeline! {
        Threads {
            input  numbers: u64 [8];
            output done: u64 [8];
            output failed: Failed<u64, std::convert::Infallible> [8];
            numbers -> same -[4]-> never { deadline: 5ms } -> done;
            never.errors -> failed;
        }
    }
    let ThreadsHandle {
        numbers,
        done,
        mut failed,
        control,
    } = Threads::builder().start_threads().unwrap();
    for n in 0..3 {
        numbers.send_blocking(n).unwrap();
    }
    for n in 0..3 {
        assert_eq!(failed.recv_blocking().unwrap(), Failed::new("never", Some(n), Cause::Late, 1));
    }
    control.drain_blocking().check().unwrap();
    drop(done);
}
