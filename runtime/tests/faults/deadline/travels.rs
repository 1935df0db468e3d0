//! The time of entry travels wherever a record does.

use std::time::Duration;

use forebay::prelude::*;
use forebay::record::Entered;
use futures_util::Stream;
use tokio::time::sleep;

use super::late::same;
use crate::support::Bad;

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
