//! Law 3 of rings that overwrite: nothing is allocated for a record, whether it is read or lost.
#![allow(missing_docs, unreachable_pub)]

mod counting;
mod kit;

use counting::allocations;
use forebay::prelude::*;
use kit::run::{everywhere, start};

#[stage]
fn half(n: u64) -> Option<u64> {
    n.is_multiple_of(2).then_some(n)
}
#[stage(runtime = none)]
async fn below(n: u64, limit: &u64) -> u64 {
    let mut polled = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut polled, true) {
            return std::task::Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
    n.min(*limit)
}
#[stage]
fn above(n: u64, limit: &u64) -> u64 {
    n.max(*limit)
}
#[stage]
fn note(lagged: Lagged) -> u64 {
    lagged.missed
}
#[stage]
fn end(_: u64) {}

pipeline! {
    Everything {
        input  records: u64 [32];
        topic  all: u64 [broadcast 16];
        topic  newest: u64 [latest = 0];
        topic  last: u64 [mailbox];
        output shown: u64 [broadcast 16];
        output state: u64 [latest];
        node   end_b = end;
        node   end_c = end;
        records -> all;
        all -> half -> newest;
        all -> below(newest) -> last;
        all -> above(newest) -> { shown, -[latest]-> end };
        below.lagged -[4]-> note -> end_b;
        newest -> state;
        last -> end_c;
    }
}

async fn run(handle: EverythingHandle) {
    let EverythingHandle {
        records,
        mut shown,
        mut state,
        control,
    } = handle;
    let mut slow = shown.clone();
    let reader = tokio::spawn(async move { while shown.recv().await.is_some() {} });
    let other = tokio::spawn(async move { while state.recv().await.is_some() {} });
    let mut lost = 0;
    let mut allocates = async || {
        let before = allocations();
        for id in 0..5000_u64 {
            records.send(id).await.unwrap();
            if id % 100 == 0 {
                let _ = slow.try_recv();
                lost = slow.lost();
            }
            tokio::task::yield_now().await;
        }
        allocations() - before
    };
    // Warm: wakers, the blocks of the runtime's own queues, a thread that starts late. Once nothing is allocated, nothing is.
    let mut rounds = 0;
    while allocates().await != 0 {
        rounds += 1;
        assert!(rounds < 5, "each 5000 records allocate something");
    }
    assert_eq!(allocates().await, 0, "allocations for 5000 records");
    assert!(lost > 0);
    drop((records, slow));
    reader.await.unwrap();
    other.await.unwrap();
    let ledger = control.finished().await;
    ledger.check().unwrap();
    println!("{ledger}");
}

// One test: the counter is of the whole program.
#[test]
fn nothing_is_allocated_for_a_record() {
    everywhere(async |on| run(start!(on, Everything::builder())).await);
}
