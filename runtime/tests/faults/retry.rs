//! `retry: 3, backoff: 10ms..1s`

use std::sync::Arc;
use std::time::Duration;

use forebay::prelude::*;
use tokio::time::Instant;

use crate::support::{Bad, Do, Script, millis, scripted, until};

pipeline! {
    Tried {
        drain 5s;
        input  numbers: u64 [8];
        output done: u64 [8];
        output failed: Failed<u64, Bad> [8];
        shared script: Script;
        numbers -> scripted(script) { retry: 3, backoff: 100ms..300ms } -> done;
        scripted.errors -> failed;
    }
}

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
    for n in 0..8 {
        numbers.send(n).await.unwrap();
    }
    control.drain().await.check().unwrap();
    let gaps = script.gaps();
    // Of the first waits of eight records not all are the same.
    let firsts: std::collections::BTreeSet<_> = gaps.iter().step_by(4).collect();
    assert!(firsts.len() > 1, "{gaps:?}");
    drop((done, failed));
}

#[tokio::test(start_paused = true)]
async fn what_would_fail_again_is_not_tried_again() {
    let script = Script::new([Do::FailForGood, Do::Fail, Do::FailForGood, Do::Panic, Do::Give]);
    let TriedHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Tried::builder().script(script.clone()).start().unwrap();
    for n in 1..=4 {
        numbers.send(n).await.unwrap();
    }
    let for_good = |n, attempts| Failed::new("scripted", Some(n), Cause::Error(Bad::ForGood), attempts);
    assert_eq!(failed.recv().await.unwrap(), for_good(1, 1));
    assert_eq!(failed.recv().await.unwrap(), for_good(2, 2));
    let panicked = failed.recv().await.unwrap();
    assert_eq!(
        (panicked.record, panicked.cause, panicked.attempts),
        (Some(3), Cause::Panic("tripped".to_owned()), 1)
    );
    assert_eq!(done.recv().await, Some(4));
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!(ledger.scripted.attempts, 5);
}

/// Sends one record that fails, and lets it come to its wait.
async fn waiting() -> (Arc<Script>, TriedHandle) {
    // The wait is any up to 100 ms: one in a hundred is none at all.
    loop {
        let script = Script::new([Do::Fail, Do::Hang]);
        let handle = Tried::builder().script(script.clone()).start().unwrap();
        for n in 0..3 {
            handle.numbers.send(n).await.unwrap();
        }
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

pipeline! {
    Both {
        input  numbers: u64 [8];
        output done: u64 [8];
        output failed: Failed<u64, Bad> [8];
        shared script: Script;
        numbers -> scripted(script) { timeout: 100ms, retry: 2 } -> done;
        scripted.errors -> failed;
    }
}

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

/// A stage that gives something and then fails.
#[stage]
async fn halfway(n: u64, script: &Script, out: &mut Emit<u64>) -> Result<(), Bad> {
    script.run(()).await?;
    out.emit(n).await;
    script.run(()).await
}
/// A sync one, with a resource of its own.
#[derive(Default)]
struct Counter(u64);
#[stage]
fn third_time(n: u64, counter: &mut Counter) -> Result<Option<u64>, String> {
    counter.0 += 1;
    match counter.0 % 3 {
        0 => Ok((n != 2).then_some(n)),
        at => Err(format!("{n}, {at}")),
    }
}
/// One with state.
#[derive(Default)]
struct Sum {
    calls: u64,
    sum: u64,
}
#[stage]
impl Sum {
    fn process(&mut self, n: u64) -> Result<(), &'static str> {
        self.calls += 1;
        if self.calls % 2 == 1 {
            return Err("odd");
        }
        self.sum += n;
        Ok(())
    }
    fn finish(&mut self) -> Option<u64> {
        Some(self.sum * 1000 + self.calls)
    }
}
pipeline! {
    Forms {
        input  numbers: u64 [8];
        output halves: u64 [8];
        output done: u64 [8];
        output sums: u64 [8];
        shared script: Script;
        local  counter: Counter = Counter::default();
        node   sum: Sum { retry: 1 } = Sum::default();
        numbers -> { halfway(script) { retry: 5 } -> halves, third_time(counter) { retry: 2 } -> { done, sum -> sums } };
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn what_was_given_is_not_given_twice() {
    let script = Script::new([Do::Fail, Do::Fail, Do::Give, Do::Fail, Do::Give]);
    let FormsHandle {
        numbers,
        halves,
        done,
        sums,
        control,
    } = Forms::builder().script(script.clone()).start().unwrap();
    for n in 1..=3 {
        numbers.send(n).await.unwrap();
    }
    let ledger = control.drain().await;
    ledger.check().unwrap();
    // The first fails at its fourth call, after it has given; the others go through with two calls each.
    assert_eq!(halves.collect::<Vec<_>>().await, [1, 2, 3]);
    assert_eq!(
        (ledger.halfway.attempts, ledger.halfway.failed, ledger.halfway.finished),
        (5, 1, 2)
    );
    assert_eq!(script.count(), 8);
    // A sync one that filters.
    assert_eq!(done.collect::<Vec<_>>().await, [1, 3]);
    let node = ledger.third_time;
    assert_eq!((node.attempts, node.finished, node.dropped, node.emitted), (9, 3, 1, 2));
    assert_eq!(sums.collect::<Vec<_>>().await, [4004]);
    // Two records in four tries, and the last word.
    assert_eq!((ledger.sum.attempts, ledger.sum.taken), (5, 3));
}

/// Law 6: tries travel in the envelope, so a retry made of wires counts on.
#[stage]
fn again(f: Failed<u64, Bad>, seen: &std::sync::Mutex<Vec<u32>>) -> Option<u64> {
    let mut seen = seen.lock().unwrap();
    seen.push(f.attempts);
    f.record.filter(|_| f.attempts < 6)
}
pipeline! {
    Round {
        input  numbers: u64 [8];
        output done: u64 [8];
        shared script: Script;
        shared seen: std::sync::Mutex<Vec<u32>>;
        topic  tries: u64 [8, shed];
        numbers -> tries;
        tries -> scripted(script) { retry: 1 } -> done;
        scripted.errors -[8]-> again(seen) -> tries;
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_made_of_wires_counts_on() {
    let seen = Arc::new(std::sync::Mutex::default());
    let script = Script::new([Do::Fail]);
    let RoundHandle { numbers, done, control } = Round::builder().script(script.clone()).seen(seen.clone()).start().unwrap();
    numbers.send(1).await.unwrap();
    drop(numbers);
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert_eq!(*seen.lock().unwrap(), [2, 4, 6]);
    assert_eq!((ledger.scripted.attempts, ledger.scripted.taken, script.count()), (6, 3, 6));
    drop(done);
}

/// The error type of a pipeline's parameter says nothing, unless the declaration makes it.
pub trait Asks: Clone + Send + Sync + 'static {
    type Error: Send + 'static;
    fn ask(&self) -> Result<(), Self::Error>;
}
#[derive(Clone)]
struct Once(Arc<Script>);
impl Asks for Once {
    type Error = Bad;
    fn ask(&self) -> Result<(), Bad> {
        futures_util::FutureExt::now_or_never(self.0.run(())).unwrap()
    }
}
#[stage]
fn asked<A: Asks>(record: A) -> Result<A, A::Error> {
    record.ask().map(|()| record)
}
pipeline! {
    Silent<A: Asks> {
        input  records: A [8];
        output done: A [8];
        records -> asked { retry: 1 } -> done;
        errors -> drop;
    }
}
pipeline! {
    Says<A: Asks> where A::Error: Retryable {
        input  records: A [8];
        output done: A [8];
        records -> asked { retry: 1 } -> done;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_of_a_parameter_is_asked_where_the_declaration_says_that_it_answers() {
    let script = Script::new([Do::FailForGood]);
    let SilentHandle { records, control, done } = Silent::builder().start().unwrap();
    records.send(Once(script.clone())).await.unwrap();
    assert_eq!(control.drain().await.asked.attempts, 2);
    drop(done);
    let SaysHandle { records, control, done } = Says::builder().start().unwrap();
    records.send(Once(script.clone())).await.unwrap();
    assert_eq!(control.drain().await.asked.attempts, 1);
    drop(done);
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
        for n in 0..64 {
            numbers.send(n).await.unwrap();
        }
        let ledger = tokio::time::timeout(Duration::from_secs(30), control.drain())
            .await
            .expect("it ends");
        ledger.check().unwrap();
        let given = done.collect::<Vec<_>>().await.len() as u64;
        assert_eq!((ledger.flaking.finished, ledger.flaking.failed + given), (given, 64));
        assert!(ledger.flaking.attempts >= 5 * given);
    });
}
