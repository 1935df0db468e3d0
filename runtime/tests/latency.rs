//! How soon records move when stages are slow: what batches must not cost. The bounds are those of the design, with room for a
//! machine that does other work.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread::sleep;
use std::time::{Duration, Instant};

use forebay::prelude::*;

/// A stage that holds its thread for a millisecond.
const WORK: Duration = Duration::from_millis(1);
/// How much later than on an idle machine.
const SLACK: u32 = 4;

#[stage]
fn first(record: u64) -> u64 {
    sleep(WORK);
    record
}
#[stage]
fn second(record: u64) -> u64 {
    sleep(WORK);
    record
}
#[stage]
fn third(record: u64) -> u64 {
    sleep(WORK);
    record
}

pipeline! {
    /// Three slow stages, each in a task of its own.
    Slow {
        input  records: u64 [64];
        output done: u64 [64];
        records -> first -[64]-> second -[64]-> third -> done;
    }
}

/// First out within 5 ms, last within 110 ms (66 ms of work, were there a core for each stage; two workers share it).
#[test]
fn a_burst_is_not_held_back() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .unwrap();
    let (first, last) = runtime.block_on(async {
        let SlowHandle {
            records,
            mut done,
            control,
        } = Slow::builder().start().unwrap();
        tokio::time::timeout(Duration::from_secs(20), async {
            let start = Instant::now();
            for record in 0..64 {
                records.send(record).await.unwrap();
            }
            drop(records);
            assert_eq!(done.recv().await, Some(0));
            let first = start.elapsed();
            for record in 1..64 {
                assert_eq!(done.recv().await, Some(record));
            }
            let last = start.elapsed();
            control.drain().await.check().unwrap();
            (first, last)
        })
        .await
        .unwrap()
    });
    println!("first {first:?}, last {last:?}");
    assert!(first < Duration::from_millis(5) * SLACK, "the first took {first:?}");
    assert!(last < Duration::from_millis(110) * SLACK, "the last took {last:?}");
}

#[stage]
fn slow(record: u64, taken: &AtomicU64) {
    taken.fetch_add(1, SeqCst);
    let _ = record;
    sleep(WORK);
}

pipeline! {
    /// A slow stage behind a long ring.
    Behind {
        input  records: u64 [512];
        shared taken: AtomicU64;
        records -> slow(taken);
    }
}

/// A sender that waits at a full ring of 512 goes on within 5 ms of the first slot, whatever the stage is busy with.
#[test]
fn a_blocked_sender_goes_on_with_the_first_slot() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_time()
        .build()
        .unwrap();
    let waits = runtime.block_on(async {
        let taken = Arc::new(AtomicU64::new(0));
        let BehindHandle { records, control } = Behind::builder().taken(taken.clone()).start().unwrap();
        while records.try_send(0).is_ok() {}
        let mut waits = Vec::new();
        for _ in 0..8 {
            let start = Instant::now();
            tokio::time::timeout(Duration::from_secs(20), records.send(0))
                .await
                .unwrap()
                .unwrap();
            waits.push(start.elapsed());
            while records.try_send(0).is_ok() {}
        }
        control.abort().await.check().unwrap();
        waits
    });
    let worst = waits.iter().max().unwrap();
    println!("{waits:?}");
    assert!(*worst < Duration::from_millis(5) * SLACK, "they waited {waits:?}");
}
