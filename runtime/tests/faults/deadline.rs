//! `deadline: 2s`

use std::time::Duration;

use forebay::prelude::*;
use forebay::record::Entered;
use futures_util::Stream;
use tokio::time::{Instant, sleep};

use crate::support::{Bad, Do, Script, millis, scripted, until};

#[stage]
fn same(n: u64) -> u64 {
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

pipeline! {
    Guarded {
        input  numbers: u64 [64];
        output done: u64 [64];
        output failed: Failed<u64, Bad> [64];
        shared script: Script;
        numbers -> scripted(script) { deadline: 1s, timeout: 700ms, retry: 9, backoff: 10s..10s, breaker: 2 in 1h, rate: 1 per 5s } -> done;
        scripted.errors -> failed;
    }
}

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
    pipeline! {
        Broken {
            input  numbers: u64 [64];
            output done: u64 [64];
            output failed: Failed<u64, Bad> [64];
            shared script: Script;
            numbers -> scripted(script) { deadline: 1s, breaker: 1 in 1h } -> done;
            scripted.errors -> failed;
        }
    }
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
    pipeline! {
        Probed {
            input  numbers: u64 [64];
            output done: u64 [64];
            output failed: Failed<u64, Bad> [64];
            shared script: Script;
            numbers -> scripted(script) { deadline: 1s, breaker: 1 in 2s, rate: 1 per 5s } -> done;
            scripted.errors -> failed;
        }
    }
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
    for n in 0..3 {
        numbers.send(n).await.unwrap();
    }
    until(|| control.ledger().scripted.in_work == 1).await;
    let ledger = control.abort().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.cut, ledger.numbers.cut), (1, 2));
    drop((done, failed));
}

/// The time of entry travels wherever a record does.
#[stage]
fn twice(n: u64) -> impl Iterator<Item = u64> {
    [n, n + 100].into_iter()
}
#[stage]
async fn wait(n: u64) -> u64 {
    sleep(Duration::from_millis(600)).await;
    n
}
#[stage]
fn broken(n: u64) -> Result<u64, Bad> {
    Err(if n > 0 { Bad::Again } else { Bad::ForGood })
}
#[stage]
fn again(f: Failed<u64, Bad>) -> u64 {
    f.record.unwrap() + f.attempts as u64 * 1000
}
#[stage]
async fn all(batch: Batch<u64>) -> Vec<u64> {
    batch.into_vec()
}
#[stage]
fn refused(s: Shed<u64>) -> u64 {
    s.record + 5000
}
pipeline! {
    Ways {
        input  numbers: u64 [8];
        input  shedding: u64 [1, shed];
        output done: u64 [64];
        output failed: Failed<u64, std::convert::Infallible> [64];
        node   last = same { deadline: 1s };
        topic  ends: u64 [64];
        numbers -> twice -> wait -[4]-> all { batch: 4 } -> match {
            n if n > 99 => { n } -[8]-> broken -> ends,
            n => n -> { -[4]-> same -> ends, ends },
        };
        broken.errors -[4]-> again -> ends;
        ends -> last -> done;
        last.errors -> failed;
        shedding -> drop;
        shedding.shed -[8]-> refused -> wait_b -> ends;
        node wait_b = wait;
    }
}

#[tokio::test(start_paused = true)]
async fn the_time_of_entry_travels_with_the_record() {
    let WaysHandle {
        numbers,
        shedding,
        mut done,
        mut failed,
        control,
    } = Ways::builder().start().unwrap();
    let _: &Input<u64, 8, Entered> = &numbers;
    // The first is through after 0.6 s, the second of its two after 1.2 s: all that comes of that is late.
    numbers.send(1).await.unwrap();
    for _ in 0..2 {
        assert_eq!(done.recv().await, Some(1));
    }
    let late = failed.recv().await.unwrap();
    assert_eq!((late.record, late.cause), (Some(1101), Cause::Late));
    // What an input refuses, too.
    while control.ledger().shedding.shed < 3 {
        let _ = shedding.try_send(7);
    }
    assert_eq!(done.recv().await, Some(5007));
    for _ in 0..2 {
        let late = failed.recv().await.unwrap();
        assert_eq!((late.record, late.cause), (Some(5007), Cause::Late));
    }
    let ledger = control.drain().await;
    ledger.check().unwrap();
}

#[stage]
fn stream() -> impl Stream<Item = u64> {
    futures_util::stream::iter(0..4)
}
pipeline! {
    Sources {
        output done: u64 [64];
        output ticks: Tick [64];
        stream -[8]-> wait -> last -> done;
        every 100ms -[4]-> hold -> ticks;
        errors -> drop;
        node last = same { deadline: 1s };
        node hold = slow_tick { deadline: 150ms };
    }
}
#[stage]
async fn slow_tick(t: Tick) -> Tick {
    sleep(Duration::from_millis(if t.count == 0 { 400 } else { 0 })).await;
    t
}

#[tokio::test(start_paused = true)]
async fn what_a_source_gives_comes_in_then() {
    let SourcesHandle {
        done,
        mut ticks,
        control,
    } = Sources::builder().start().unwrap();
    // The first tick takes longer than it may; the second waits behind it for less than that.
    assert_eq!(ticks.recv().await.unwrap().count, 1);
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.last.finished, ledger.last.failed, ledger.hold.failed), (1, 3, 1));
    assert_eq!(done.collect::<Vec<_>>().await, [0]);
}

#[stage]
async fn embed(batch: Batch<u64>, script: &Script) -> Result<Vec<u64>, Bad> {
    script.run(()).await?;
    Ok(batch.into_vec())
}
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

pipeline! {
    Readers {
        input  numbers: u64 [8];
        output done: u64 [64];
        output others: u64 [64];
        topic  news: u64 [broadcast 16];
        topic  newest: u64 [latest];
        numbers -> wait -> { news, newest };
        news -> last -> done;
        news -> other -> others;
        newest -> last_b -> others;
        node last = wait_b { deadline: 1s };
        node last_b = wait_b { deadline: 1s };
        node other = same;
        errors -> drop;
    }
}
#[stage]
async fn wait_b(n: u64) -> u64 {
    sleep(Duration::from_millis(if n == 0 { 300 } else { 500 })).await;
    n
}

#[tokio::test(start_paused = true)]
async fn the_time_of_entry_is_there_for_every_reader() {
    let ReadersHandle {
        numbers,
        done,
        others,
        control,
    } = Readers::builder().start().unwrap();
    for n in 0..2 {
        // Here after 600 ms, so there are 400 left.
        numbers.send(n).await.unwrap();
        sleep(Duration::from_secs(10)).await;
    }
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!(done.collect::<Vec<_>>().await, [0]);
    assert_eq!((ledger.last.failed, ledger.last_b.failed, ledger.other.finished), (1, 1, 2));
    drop(others);
}
