//! Law 3, where a node is guarded: nothing is allocated for a record, whatever it declares against faults.
#![allow(missing_docs)]

mod counting;

use std::task::Poll;

use counting::allocations;
use forebay::prelude::*;
use forebay::record::Entered;

/// Waits once, so that timers are set, and fails now and then.
#[stage(runtime = none)]
async fn asked(n: u64) -> Result<u64, u64> {
    let mut polled = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut polled, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
    if n.is_multiple_of(7) { Err(n) } else { Ok(n) }
}
#[stage]
fn note(_: Failed<u64, u64>) {}

pipeline! {
    Guarded {
        input  numbers: u64 [32];
        output done: u64 [32];
        numbers -> asked { timeout: 1h, deadline: 1h, retry: 2, breaker: 100000 in 1h, rate: 100000 per 1ms } -> done;
        asked.errors -[32]-> note;
    }
}

pipeline! {
    Concurrent {
        input  numbers: u64 [32];
        output done: u64 [32];
        numbers -> asked { concurrency: 16 ordered, timeout: 1h, deadline: 1h, retry: 2, breaker: 100000 in 1h, rate: 100000 per 1ms } -> done;
        asked.errors -[32]-> note;
    }
}

async fn pump(numbers: &Input<u64, 32, Entered>, done: &mut AsyncStream<u64, 32>, range: std::ops::Range<u64>) {
    for n in range {
        numbers.send(n).await.unwrap();
        if !n.is_multiple_of(7) {
            assert_eq!(done.recv().await, Some(n));
        }
    }
}

/// The count is that of the process, so this is one test.
#[test]
fn a_guarded_node_allocates_nothing_for_a_record() {
    one_after_the_other();
    several_in_flight();
}

fn one_after_the_other() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let GuardedHandle {
            numbers,
            mut done,
            control,
        } = Guarded::builder().start().unwrap();
        pump(&numbers, &mut done, 0..1_000).await;
        let before = allocations();
        pump(&numbers, &mut done, 1_000..11_000).await;
        let allocated = allocations() - before;
        assert_eq!(allocated, 0);
        let ledger = control.drain().await;
        ledger.check().unwrap();
        assert_eq!(ledger.asked.attempts, 11_000 + 2 * ledger.asked.failed);
    });
}

fn several_in_flight() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let ConcurrentHandle {
            numbers,
            mut done,
            control,
        } = Concurrent::builder().start().unwrap();
        let mut next = 0;
        let mut rounds = async |rounds: u64| {
            for _ in 0..rounds {
                for n in next..next + 32 {
                    numbers.send(n).await.unwrap();
                }
                for n in (next..next + 32).filter(|n| !n.is_multiple_of(7)) {
                    assert_eq!(done.recv().await, Some(n));
                }
                next += 32;
            }
        };
        rounds(50).await;
        let before = allocations();
        rounds(500).await;
        let allocated = allocations() - before;
        assert_eq!(allocated, 0);
        let ledger = control.drain().await;
        ledger.check().unwrap();
        assert_eq!(ledger.asked.attempts, 550 * 32 + 2 * ledger.asked.failed);
    });
}
