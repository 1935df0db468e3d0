//! `timeout: 500ms`

use std::sync::Arc;
use std::time::Duration;

use forebay::prelude::*;
use futures_util::Stream;
use tokio::time::Instant;

use crate::kit::feed::send_each;
use crate::support::{Bad, Do, Script, by_script, millis, scripted, until, until_idle};

by_script! { Limited { timeout: 500ms } }

#[tokio::test(start_paused = true)]
async fn a_call_that_takes_too_long_is_dropped_and_fails() {
    let script = Script::new([Do::Give, Do::Hang, Do::After(400), Do::After(600), Do::Give]);
    let LimitedHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Limited::builder().script(script.clone()).start().unwrap();
    let start = Instant::now();
    send_each(&numbers, 0..5).await;
    assert_eq!(done.recv().await, Some(0));
    let late = failed.recv().await.unwrap();
    assert_eq!(late, Failed::new("scripted", Some(1), Cause::Timeout, 1));
    assert_eq!(
        (millis(start) / 10, script.running()),
        (50, 1),
        "the first is dropped, the next one runs"
    );
    assert_eq!(done.recv().await, Some(2));
    assert_eq!(millis(start) / 10, 90);
    assert_eq!(failed.recv().await.unwrap().record, Some(3));
    assert_eq!(millis(start) / 10, 140);
    assert_eq!(done.recv().await, Some(4));
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!(script.running(), 0);
    let node = ledger.scripted;
    assert_eq!((node.taken, node.finished, node.failed, node.attempts), (5, 3, 2, 5));
}

#[tokio::test(start_paused = true)]
async fn an_error_and_a_panic_are_what_they_are() {
    let script = Script::new([Do::Fail, Do::Panic, Do::Give]);
    let LimitedHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Limited::builder().script(script).start().unwrap();
    send_each(&numbers, 0..3).await;
    assert_eq!(failed.recv().await.unwrap().cause, Cause::Error(Bad::Again));
    assert_eq!(failed.recv().await.unwrap().cause, Cause::Panic("tripped".to_owned()));
    assert_eq!(done.recv().await, Some(2));
    control.drain().await.check().unwrap();
}

#[tokio::test(start_paused = true)]
async fn an_abort_cuts_a_call_that_waits() {
    let script = Script::new([Do::Hang]);
    let LimitedHandle {
        numbers,
        done,
        failed,
        control,
    } = Limited::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..3).await;
    until(|| control.ledger().scripted.in_work == 1).await;
    let start = Instant::now();
    let ledger = control.abort().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.cut, ledger.numbers.cut, script.running()), (1, 2, 0));
    assert_eq!(millis(start), 0);
    drop((done, failed));
}

#[test]
fn a_runtime_that_ends_cuts_a_call_that_waits() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let script = Script::new([Do::Hang]);
    let (done, failed, control) = runtime.block_on(async {
        let LimitedHandle {
            numbers,
            done,
            failed,
            control,
        } = Limited::builder().script(script.clone()).start().unwrap();
        numbers.send(1).await.unwrap();
        until(|| control.ledger().scripted.in_work == 1).await;
        (done, failed, control)
    });
    drop(runtime);
    let ledger = control.finished_blocking();
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.cut, script.running()), (1, 0));
    drop((done, failed));
}

/// A stage that gives over time: its clock stands still while nobody has room for what it gave.
#[stage]
async fn count(n: u64, script: &Script, out: &mut Emit<u64>) -> Result<(), Bad> {
    for i in 0..n {
        out.emit(i).await;
        script.run(()).await?;
    }
    Ok(())
}
pipeline! {
    Counting {
        input  numbers: u64 [8];
        output done: u64 [1];
        output failed: Failed<u64, Bad> [8];
        shared script: Script;
        numbers -> count(script) { timeout: 100ms } -> done;
        count.errors -> failed;
    }
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_call_stands_still_while_what_it_gave_waits_for_room() {
    let script = Script::new([Do::After(30)]);
    let CountingHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Counting::builder().script(script.clone()).start().unwrap();
    numbers.send(3).await.unwrap();
    for i in 0..3 {
        // Nobody reads for far longer than the timeout.
        tokio::time::sleep(Duration::from_secs(10)).await;
        assert_eq!(done.recv().await, Some(i));
    }
    until_idle(|| control.ledger().count.in_work == 0).await;
    assert_eq!((control.ledger().count.finished, control.ledger().count.failed), (1, 0));
    // Its own time is summed: four times 30 ms are too long.
    numbers.send(9).await.unwrap();
    for i in 0..4 {
        assert_eq!(done.recv().await, Some(i));
    }
    assert_eq!(failed.recv().await.unwrap().cause, Cause::Timeout);
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.count.finished, ledger.count.failed, ledger.count.emitted), (1, 1, 7));
}

/// The failures of every form of stage.
#[stage]
fn naps(n: u64, script: &Arc<Script>) -> impl Stream<Item = u64> + use<> {
    let script = script.clone();
    futures_util::stream::once(async move { script.run(n).await.unwrap() })
}
#[derive(Default)]
struct Slow {
    seen: u64,
}
#[stage]
impl Slow {
    async fn process(&mut self, n: u64) -> u64 {
        self.seen += 1;
        if n == 1 {
            std::future::pending::<()>().await;
        }
        self.seen
    }
    fn tick(&mut self) -> Option<u64> {
        None
    }
    fn finish(&mut self) -> u64 {
        100 + self.seen
    }
}
#[stage]
impl Slower {
    #[inlet]
    async fn left(&mut self, _n: u64) -> u64 {
        std::future::pending().await
    }
    #[inlet]
    fn right(&mut self, n: u64) -> u64 {
        n
    }
}
#[derive(Default)]
struct Slower;
pipeline! {
    Forms {
        input  numbers: u64 [8];
        output done: u64 [16];
        output joined: u64 [16];
        output failed: Failed<u64, std::convert::Infallible> [8];
        shared script: Arc<Script>;
        node slow: Slow { timeout: 1s, tick: 1h } = Slow::default();
        node slower: Slower { timeout: 1s } = Slower;
        numbers -> { naps(script) { timeout: 1s } -> done, slow -> done, -[2]-> slower.left, -[2]-> slower.right };
        slower -> joined;
        naps.errors -> failed;
        slow.errors -> failed;
        slower.left.errors -> failed;
        slower.right.errors -> failed;
    }
}

#[tokio::test(start_paused = true)]
async fn a_timeout_ends_a_call_of_every_form() {
    let script = Script::new([Do::Give, Do::Hang, Do::Give]);
    let FormsHandle {
        numbers,
        done,
        joined,
        failed,
        control,
    } = Forms::builder().script(Arc::new(script)).start().unwrap();
    send_each(&numbers, 0..3).await;
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.naps.failed, ledger.slow.failed, ledger.slower.failed), (1, 1, 3));
    let mut given: Vec<u64> = done.collect().await;
    given.sort_unstable();
    assert_eq!(given, [0, 1, 2, 3, 103]);
    assert_eq!(joined.collect::<Vec<_>>().await, [0, 1, 2]);
    let failures = failed.collect::<Vec<_>>().await;
    assert!(
        failures
            .iter()
            .all(|failed| failed.cause == Cause::Timeout && failed.attempts == 1)
    );
}

#[stage(runtime = none)]
async fn never(n: u64) -> u64 {
    if n == 0 { n } else { std::future::pending().await }
}
pipeline! {
    OnThreads {
        input  numbers: u64 [8];
        output done: u64 [8];
        output failed: Failed<u64, std::convert::Infallible> [8];
        numbers -> never { timeout: 5ms } -> done;
        never.errors -> failed;
    }
}

#[test]
fn a_timeout_needs_no_tokio() {
    let OnThreadsHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = OnThreads::builder().start_threads().unwrap();
    for n in [1, 0, 2] {
        numbers.send_blocking(n).unwrap();
    }
    assert_eq!(
        failed.recv_blocking().unwrap(),
        Failed::new("never", Some(1), Cause::Timeout, 1)
    );
    assert_eq!(done.recv_blocking(), Some(0));
    assert_eq!(failed.recv_blocking().unwrap().record, Some(2));
    control.drain_blocking().check().unwrap();
}
