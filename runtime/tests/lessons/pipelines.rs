//! Pipelines.

use std::time::Duration;

use forebay::prelude::*;
use tokio::time::{Instant, sleep};

use crate::kit::feed::send_each;
use crate::kit::wait::soon;

#[stage]
fn trips_on_three(n: u64) -> u64 {
    assert_ne!(n, 3, "the third");
    n
}
pipeline! {
    Ten {
        input  numbers: u64 [16];
        output done: u64 [16];
        output failed: Failed<u64, std::convert::Infallible> [16];
        numbers -> trips_on_three -> done;
        trips_on_three.errors -> failed;
    }
}

/// "A panic on the third of ten items killed the stage for good: two outputs, no error."
#[tokio::test]
async fn a_panic_on_the_third_of_ten_costs_the_third() {
    let TenHandle {
        numbers,
        done,
        failed,
        control,
    } = Ten::builder().start().unwrap();
    send_each(&numbers, 1..=10).await;
    drop(numbers);
    assert_eq!(soon(done.collect::<Vec<_>>()).await, [1, 2, 4, 5, 6, 7, 8, 9, 10]);
    let failures = soon(failed.collect::<Vec<_>>()).await;
    assert_eq!(failures.len(), 1);
    assert_eq!(failures[0].record, Some(3));
    assert!(matches!(&failures[0].cause, Cause::Panic(why) if why.contains("the third")));
    control.finished().await.check().unwrap();
}

#[stage]
async fn takes_a_second(n: u64) -> u64 {
    sleep(Duration::from_secs(1)).await;
    n
}
pipeline! {
    Fifty {
        input  numbers: u64 [64];
        output done: u64 [64];
        numbers -> takes_a_second -> done;
    }
}

/// "50 accepted, then a graceful shutdown: 2 delivered, 48 gone."
#[tokio::test(start_paused = true)]
async fn fifty_that_were_accepted_are_fifty_that_are_delivered() {
    let FiftyHandle { numbers, done, control } = Fifty::builder().start().unwrap();
    for n in 0..50 {
        numbers.try_send(n).unwrap();
    }
    let ledger = control.drain().await;
    ledger.check().unwrap();
    assert_eq!(done.collect::<Vec<_>>().await, (0..50).collect::<Vec<_>>());
    assert_eq!((ledger.done.offered, ledger.takes_a_second.cut), (50, 0));
}

#[stage]
async fn hangs(_n: u64) -> Result<(), String> {
    std::future::pending().await
}
pipeline! {
    Hanging {
        input  numbers: u64 [16];
        output failed: Failed<u64, String> [16];
        numbers -> hangs { timeout: 10ms, breaker: 3 in 1m };
        hangs.errors -> failed;
    }
}

/// "A timeout cancelled the call before the breaker could count it: the breaker never opened."
#[tokio::test(start_paused = true)]
async fn timeouts_open_the_breaker() {
    let HangingHandle {
        numbers,
        mut failed,
        control,
    } = Hanging::builder().start().unwrap();
    let mut causes = Vec::new();
    for n in 0..5 {
        numbers.send(n).await.unwrap();
        causes.push(failed.recv().await.unwrap().cause);
    }
    use Cause::{BreakerOpen, Timeout};
    assert_eq!(causes, [Timeout, Timeout, Timeout, BreakerOpen, BreakerOpen]);
    control.drain().await.check().unwrap();
}

#[stage]
async fn takes_so_long(ms: u64) -> u64 {
    sleep(Duration::from_millis(ms)).await;
    ms
}
pipeline! {
    NineHundred {
        input  millis: u64 [16];
        output done: u64 [16];
        output failed: Failed<u64, std::convert::Infallible> [16];
        millis -> takes_so_long { timeout: 900ms } -> done;
        takes_so_long.errors -> failed;
    }
}

/// "`timeout_ms = 900` became 0 s by integer division."
#[tokio::test(start_paused = true)]
async fn nine_hundred_milliseconds_are_not_none() {
    let NineHundredHandle {
        millis,
        mut done,
        mut failed,
        control,
    } = NineHundred::builder().start().unwrap();
    millis.send(890).await.unwrap();
    assert_eq!(done.recv().await, Some(890));
    let start = Instant::now();
    millis.send(950).await.unwrap();
    assert_eq!(failed.recv().await.unwrap().cause, Cause::Timeout);
    let took = start.elapsed();
    assert!((900..905).contains(&took.as_millis()), "{took:?}");
    control.drain().await.check().unwrap();
}

#[stage]
fn pass(n: u64) -> u64 {
    n
}
pipeline! {
    Flooded {
        input  numbers: u64 [4];
        output done: u64 [4];
        numbers -> pass -[4]-> again -> done;
        node again = pass;
    }
}

/// "A flood through `send().await` lost 44 to 66 %."
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_flood_through_send_loses_nothing() {
    const EACH: u64 = 5_000;
    let FloodedHandle { numbers, done, control } = Flooded::builder().start().unwrap();
    for producer in 0..8 {
        let numbers = numbers.clone();
        tokio::spawn(async move {
            for n in 0..EACH {
                numbers.send(producer * EACH + n).await.unwrap();
            }
        });
    }
    drop(numbers);
    let mut got = soon(done.collect::<Vec<_>>()).await;
    got.sort_unstable();
    assert_eq!(got, (0..8 * EACH).collect::<Vec<_>>());
    control.finished().await.check().unwrap();
}

/// "The queue-depth gauge was declared and never set."
#[tokio::test(start_paused = true)]
async fn the_depth_of_a_ring_is_what_waits_in_it() {
    let FiftyHandle { numbers, done, control } = Fifty::builder().start().unwrap();
    for n in 0..20 {
        numbers.try_send(n).unwrap();
    }
    sleep(Duration::from_millis(10_500)).await;
    let ledger = control.ledger();
    // Ten are out, one is with the stage, the others wait.
    assert_eq!(
        (ledger.takes_a_second.finished, ledger.takes_a_second.in_work),
        (10, 1),
        "{ledger}"
    );
    assert_eq!((ledger.numbers.queued, ledger.done.queued), (9, 10), "{ledger}");
    control.drain().await.check().unwrap();
    drop(done);
}

pipeline! {
    Quota {
        input  numbers: u64 [16];
        output done: u64 [16];
        numbers -> paid { rate: 3 per 1h } -> done;
        node paid = pass;
    }
}

/// "A query consumed the rate quota."
#[tokio::test(start_paused = true)]
async fn who_looks_uses_no_call_up() {
    let QuotaHandle {
        numbers,
        mut done,
        control,
    } = Quota::builder().start().unwrap();
    let start = Instant::now();
    for n in 0..3 {
        for _ in 0..100 {
            assert_eq!((control.ledger().paid.attempts, numbers.len()), (n, 0));
        }
        numbers.send(n).await.unwrap();
        assert_eq!(done.recv().await, Some(n));
    }
    assert_eq!(start.elapsed(), Duration::ZERO, "three calls were free");
    control.drain().await.check().unwrap();
}
