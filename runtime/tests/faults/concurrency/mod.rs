//! `concurrency: 4`

mod around;
mod options;

use std::time::Duration;

use forebay::prelude::*;
use tokio::time::Instant;

use crate::kit::feed::send_each;
use crate::support::{Bad, Do, Script, by_script, millis, scripted, until};

by_script! { Many { concurrency: 4 } drain 1s; }

#[tokio::test(start_paused = true)]
async fn so_many_are_in_flight_and_no_more() {
    let script = Script::new([Do::After(100)]);
    let ManyHandle {
        numbers,
        done,
        failed,
        control,
    } = Many::builder().script(script.clone()).start().unwrap();
    let start = Instant::now();
    send_each(&numbers, 0..16).await;
    until(|| script.running() == 4).await;
    let ledger = control.ledger();
    ledger.check_live().unwrap();
    assert_eq!((ledger.scripted.in_work, ledger.scripted.taken), (4, 4));
    assert_eq!((ledger.numbers.taken, ledger.numbers.queued), (4, 12));
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.finished, ledger.scripted.emitted), (16, 16));
    assert_eq!(millis(start) / 100, 4, "four rounds of four");
    let mut all: Vec<_> = done.collect().await;
    all.sort_unstable();
    assert!(all.into_iter().eq(0..16));
    drop(failed);
}

/// What is given for calls that take so long.
macro_rules! given {
    ($pipeline:ident, $handle:ident: $($millis:expr),*) => {{
        let script = Script::new([$(Do::After($millis)),*]);
        let $handle { numbers, done, control } = $pipeline::builder().script(script).start().unwrap();
        send_each(&numbers, 0..8).await;
        drop(numbers);
        control.finished().await.check().unwrap();
        done.collect::<Vec<_>>().await
    }};
}

pipeline! {
    AnyOrder {
        input  numbers: u64 [64];
        output done: u64 [64];
        shared script: Script;
        numbers -> scripted(script) { concurrency: 4 } -> done;
        errors -> drop;
    }
}
pipeline! {
    InOrder {
        input  numbers: u64 [64];
        output done: u64 [64];
        shared script: Script;
        numbers -> scripted(script) { concurrency: 4 ordered } -> done;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn what_ends_first_leaves_first() {
    let given = given!(AnyOrder, AnyOrderHandle: 800, 100, 300, 500, 110, 520, 600, 700);
    assert_eq!(given, [1, 4, 2, 3, 5, 0, 6, 7]);
}

#[tokio::test(start_paused = true)]
async fn ordered_what_comes_first_leaves_first() {
    let given = given!(InOrder, InOrderHandle: 800, 100, 300, 500, 110, 520, 600, 700);
    assert_eq!(given, [0, 1, 2, 3, 4, 5, 6, 7]);
}

#[tokio::test(start_paused = true)]
async fn ordered_a_failure_does_not_hold_up_who_comes_after_it() {
    let script = Script::new([Do::After(200), Do::Fail, Do::Panic, Do::After(100), Do::Give]);
    let InOrderHandle {
        numbers,
        mut done,
        control,
    } = InOrder::builder().script(script).start().unwrap();
    send_each(&numbers, 0..8).await;
    for n in [0, 3, 4, 5, 6, 7] {
        assert_eq!(done.recv().await, Some(n));
    }
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.finished, ledger.scripted.failed), (6, 2));
}

#[tokio::test(start_paused = true)]
async fn one_failure_is_one_failure() {
    let script = Script::new([Do::After(50), Do::Panic, Do::After(100), Do::Fail, Do::Give]);
    let ManyHandle {
        numbers,
        done,
        mut failed,
        control,
    } = Many::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..20).await;
    let causes = [failed.recv().await.unwrap(), failed.recv().await.unwrap()];
    let seen: Vec<_> = causes.iter().map(|failed| (failed.record, failed.attempts)).collect();
    assert_eq!(seen, [(Some(1), 1), (Some(3), 1)], "with the record that each was at");
    assert_eq!(causes[0].cause, Cause::Panic("tripped".to_owned()));
    assert_eq!(causes[1].cause, Cause::Error(Bad::Again));
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.finished, ledger.scripted.failed), (18, 2));
    let mut all: Vec<_> = done.collect().await;
    all.sort_unstable();
    assert!(all.into_iter().eq((0..20).filter(|n| ![1, 3].contains(n))));
}

#[tokio::test(start_paused = true)]
async fn an_abort_cuts_what_is_in_flight() {
    let script = Script::new([Do::Hang]);
    let ManyHandle {
        numbers,
        done,
        failed,
        control,
    } = Many::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..16).await;
    until(|| script.running() == 4).await;
    let start = Instant::now();
    let ledger = control.abort().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.cut, ledger.scripted.in_work, ledger.numbers.cut), (4, 0, 12));
    assert_eq!(
        (millis(start), script.running()),
        (0, 0),
        "at once, and every call is dropped"
    );
    drop((done, failed));
}

#[tokio::test(start_paused = true)]
async fn a_drain_ends_what_is_in_flight_until_its_deadline() {
    // Two give what they have before the deadline, two never.
    let script = Script::new([Do::After(500), Do::Hang, Do::After(900), Do::Hang]);
    let ManyHandle {
        numbers,
        done,
        failed,
        control,
    } = Many::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..4).await;
    until(|| script.running() == 4).await;
    let start = Instant::now();
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.finished, ledger.scripted.cut), (2, 2));
    assert_eq!(millis(start) / 100, 10);
    assert_eq!(done.collect::<Vec<_>>().await, [0, 2]);
    drop(failed);
}

pipeline! {
    Narrow {
        input  numbers: u64 [64];
        output done: u64 [1];
        shared script: Script;
        numbers -> scripted(script) { concurrency: 4 } -> done;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn none_is_taken_while_there_is_no_room_and_what_is_in_flight_goes_on() {
    let script = Script::new([Do::Give, Do::Give, Do::After(100), Do::After(200), Do::After(300), Do::Give]);
    let NarrowHandle {
        numbers,
        mut done,
        control,
    } = Narrow::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..16).await;
    // The output has one record, and another waits for room there.
    until(|| control.ledger().done.offered == 2).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    // What was in flight has ended, though nothing can leave; and nothing more was taken.
    let taken = control.ledger().scripted.taken;
    assert!((4..=5).contains(&taken), "one has left, four have not: {taken}");
    assert_eq!((script.count() as u64, script.running()), (taken, 0));
    let ledger = control.ledger();
    ledger.check_live().unwrap();
    assert_eq!((ledger.scripted.taken, ledger.numbers.queued), (taken, 16 - taken));
    // So many are taken as leave, and never more than four are past the ring and not in the output.
    for left in 1..=8 {
        done.recv().await.unwrap();
        until(|| control.ledger().done.offered == left + 2).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        let taken = control.ledger().scripted.taken;
        assert!(
            (left + 2..=left + 5).contains(&taken),
            "{left} have left, and {taken} were taken"
        );
    }
    let rest = tokio::spawn(async move { while done.recv().await.is_some() {} });
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!(ledger.done.taken, 16);
    rest.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_abort_cuts_what_has_ended_and_found_no_room() {
    let script = Script::new([Do::Give]);
    let NarrowHandle { numbers, done, control } = Narrow::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..16).await;
    until(|| control.ledger().done.offered == 2).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let ledger = control.abort().await;
    ledger.check().unwrap();
    assert_eq!(script.running(), 0);
    // All of them have come to their end; what they gave is cut where it was to go.
    assert_eq!((ledger.scripted.finished, ledger.scripted.cut), (ledger.scripted.taken, 0));
    assert_eq!(ledger.scripted.emitted, ledger.done.offered);
    assert_eq!(ledger.done.cut, ledger.done.offered - 1);
    drop(done);
}

#[tokio::test(start_paused = true)]
async fn a_runtime_that_ends_leaves_a_ledger_that_balances() {
    let (tell, told) = std::sync::mpsc::channel();
    let script = Script::new([Do::Hang]);
    let own = script.clone();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let handle = Many::builder()
                .script(own.clone())
                .on_end(move |ledger| tell.send(ledger.clone()).unwrap())
                .start()
                .unwrap();
            send_each(&handle.numbers, 0..16).await;
            until(|| own.running() == 4).await;
        });
    })
    .join()
    .unwrap();
    let ledger: ManyLedger = told.recv().unwrap();
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.cut, ledger.numbers.cut, script.running()), (4, 12, 0));
}
