//! `breaker: 5 in 30s`

use forebay::prelude::*;
use tokio::time::Instant;

use crate::kit::feed::send_each;
use crate::support::{Bad, Do, Script, by_script, embed, millis, scripted, until, until_idle};

by_script! { Broken { timeout: 100ms, breaker: 3 in 10s } }

/// The causes of so many failures.
async fn causes(failed: &mut AsyncStream<Failed<u64, Bad>, 64>, count: usize) -> Vec<Cause<Bad>> {
    let mut causes = Vec::new();
    for _ in 0..count {
        causes.push(failed.recv().await.unwrap().cause);
    }
    causes
}

#[tokio::test(start_paused = true)]
async fn an_open_breaker_fails_fast_and_closes_when_probes_succeed() {
    // Errors, panics and timeouts count, and it was fine before.
    let script = Script::new([Do::Give, Do::Fail, Do::Hang, Do::Panic, Do::Fail, Do::Give]);
    let BrokenHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Broken::builder().script(script.clone()).start().unwrap();
    let start = Instant::now();
    send_each(&numbers, 0..8).await;
    let expected = [
        Cause::Error(Bad::Again),
        Cause::Timeout,
        Cause::Panic("tripped".to_owned()),
        Cause::BreakerOpen,
        Cause::BreakerOpen,
        Cause::BreakerOpen,
        Cause::BreakerOpen,
    ];
    assert_eq!(causes(&mut failed, 7).await, expected);
    assert_eq!(
        (millis(start) / 10, script.count()),
        (10, 4),
        "nothing waits, and nothing is called"
    );
    // Half open, the first one may try: it fails.
    tokio::time::sleep_until(start + std::time::Duration::from_millis(10_102)).await;
    send_each(&numbers, 8..10).await;
    assert_eq!(causes(&mut failed, 2).await, [Cause::Error(Bad::Again), Cause::BreakerOpen]);
    assert_eq!(script.count(), 5);
    // The next time they succeed.
    tokio::time::sleep(std::time::Duration::from_secs(10)).await;
    send_each(&numbers, 10..20).await;
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!(done.recv().await, Some(0));
    assert_eq!(done.collect::<Vec<_>>().await, (10..20).collect::<Vec<_>>());
    let node = ledger.scripted;
    assert_eq!((node.taken, node.finished, node.failed, script.count()), (20, 11, 9, 15));
    drop(failed);
}

by_script! { Shared { workers: 4, breaker: 4 in 10s } }

#[tokio::test(start_paused = true)]
async fn workers_share_their_breaker_and_probes_grow() {
    let script = Script::new([Do::Fail]);
    let SharedHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Shared::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..8).await;
    let open = causes(&mut failed, 8).await;
    // One failure of each worker may be enough.
    assert_eq!(open.iter().filter(|cause| **cause == Cause::BreakerOpen).count(), 4);
    assert_eq!(script.count(), 4);
    tokio::time::sleep(std::time::Duration::from_secs(11)).await;
    // One probe at first, which takes its time; the others fail fast.
    script.then([Do::After(50)]);
    send_each(&numbers, 0..4).await;
    assert_eq!(
        causes(&mut failed, 3).await,
        [Cause::BreakerOpen, Cause::BreakerOpen, Cause::BreakerOpen]
    );
    assert_eq!((script.running(), script.count()), (1, 5));
    done.recv().await.unwrap();
    // Then two.
    send_each(&numbers, 0..4).await;
    assert_eq!(causes(&mut failed, 2).await, [Cause::BreakerOpen, Cause::BreakerOpen]);
    assert_eq!((script.running(), script.count()), (2, 7));
    done.recv().await.unwrap();
    done.recv().await.unwrap();
    // Then four, the first of which closes it.
    send_each(&numbers, 0..8).await;
    for _ in 0..8 {
        done.recv().await.unwrap();
    }
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.failed, ledger.scripted.finished), (13, 11));
    drop(failed);
}

by_script! { Tried { retry: 9, backoff: 1s..1s, breaker: 3 in 10s } }

#[tokio::test(start_paused = true)]
async fn a_breaker_that_opens_ends_the_tries() {
    let script = Script::new([Do::Fail]);
    let TriedHandle {
        numbers,
        done,
        mut failed,
        control,
    } = Tried::builder().script(script.clone()).start().unwrap();
    numbers.send(1).await.unwrap();
    // Its own failure is told, not that a fourth try would not be let through.
    let failure = failed.recv().await.unwrap();
    assert_eq!((failure.cause, failure.attempts), (Cause::Error(Bad::Again), 3));
    numbers.send(2).await.unwrap();
    let failure = failed.recv().await.unwrap();
    assert_eq!(
        (failure.record, failure.cause, failure.attempts),
        (Some(2), Cause::BreakerOpen, 1)
    );
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!((script.count(), ledger.scripted.failed), (3, 2));
    drop(done);
}

#[tokio::test(start_paused = true)]
async fn what_a_full_outlet_holds_up_is_cut_by_an_abort() {
    let script = Script::new([Do::Fail]);
    pipeline! {
        Full {
            input  numbers: u64 [64];
            output done: u64 [64];
            output failed: Failed<u64, Bad> [2];
            shared script: Script;
            numbers -> scripted(script) { breaker: 1 in 10s } -> done;
            scripted.errors -> failed;
        }
    }
    let FullHandle {
        numbers,
        done,
        failed,
        control,
    } = Full::builder().script(script.clone()).start().unwrap();
    send_each(&numbers, 0..20).await;
    until(|| control.ledger().scripted.failed == 3).await;
    let ledger = control.abort().await;
    ledger.check().unwrap();
    assert_eq!((ledger.failed.queued, ledger.failed.cut, ledger.numbers.cut), (2, 1, 17));
    drop((done, failed));
}

#[test]
fn a_breaker_on_threads() {
    #[stage]
    fn odd(n: u64) -> Result<u64, u64> {
        if n % 2 == 1 { Err(n) } else { Ok(n) }
    }
    pipeline! {
        Threads {
            input  numbers: u64 [64];
            output done: u64 [64];
            output failed: Failed<u64, u64> [64];
            numbers -> odd { breaker: 2 in 1h } -> done;
            odd.errors -> failed;
        }
    }
    let ThreadsHandle {
        numbers,
        mut done,
        mut failed,
        control,
    } = Threads::builder().start_threads().unwrap();
    for n in [0, 1, 2, 3, 4] {
        numbers.send_blocking(n).unwrap();
    }
    drop(numbers);
    let ledger = control.drain_blocking();
    ledger.check().unwrap();
    assert_eq!(
        [done.recv_blocking(), done.recv_blocking(), done.recv_blocking()],
        [Some(0), Some(2), None]
    );
    let causes = [1, 2, 3].map(|_| failed.recv_blocking().unwrap().cause);
    assert_eq!(causes, [Cause::Error(1), Cause::Error(3), Cause::BreakerOpen]);
}

#[tokio::test(start_paused = true)]
async fn a_batch_is_one_call_of_the_breaker() {
    pipeline! {
        Batches {
            input  numbers: u64 [64];
            output done: u64 [64];
            shared script: Script;
            numbers -> embed(script) { batch: 4, breaker: 2 in 10s } -> done;
            errors -> drop;
        }
    }
    let script = Script::new([Do::Fail, Do::Give, Do::Fail, Do::Give]);
    let BatchesHandle { numbers, done, control } = Batches::builder().script(script.clone()).start().unwrap();
    for n in 0..20 {
        numbers.try_send(n).unwrap();
    }
    until_idle(|| control.ledger().embed.taken == 20 && control.ledger().embed.in_work == 0).await;
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!(
        (
            script.count(),
            ledger.embed.finished,
            ledger.embed.failed,
            ledger.embed.unwired
        ),
        (3, 4, 16, 16)
    );
    assert_eq!(done.collect::<Vec<_>>().await, [4, 5, 6, 7]);
}
