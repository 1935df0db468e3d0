//! Law 3 of the options of rings: nothing is allocated for a record, whether it is taken, shed, displaced or replaced.
#![allow(missing_docs)]

mod counting;

use std::time::Duration;

use counting::allocations;
use forebay::prelude::*;

#[record]
#[derive(Clone)]
pub struct Job {
    #[key]
    user: u64,
    #[priority]
    urgent: bool,
}

#[stage]
fn same(job: Job) -> Job {
    job
}
#[stage]
fn user(shed: Shed<Job>) -> u64 {
    shed.record.user
}
#[stage]
fn end(_: u64) {}

pipeline! {
    Everything {
        input  jobs: Job [8, priority, shed];
        input  quotes: Job [8, coalesce by key, by key];
        output done: Job [8, coalesce by key];
        output urgent: Job [8, priority weighted 3:1, offer 1 every 1ms];
        jobs -> same -[4, priority, by user]-> same2 { workers: 2 } -[4, shed, coalesce by key]-> same3 -[4, offer 1 every 1ms]-> same4
             -[2, priority, shed]-> same5 -> urgent;
        quotes -> same6 { workers: 2 } -[8, coalesce by key]-> same7 -> done;
        same3.shed -[4]-> user -> end;
        jobs.shed -[4]-> user2 -> end2;
        node same2 = same;
        node same3 = same;
        node same4 = same;
        node same5 = same;
        node same6 = same;
        node same7 = same;
        node user2 = user;
        node end2 = end;
    }
}

async fn run(handle: EverythingHandle) {
    let EverythingHandle {
        jobs,
        quotes,
        mut done,
        mut urgent,
        control,
    } = handle;
    let reader = tokio::spawn(async move { while done.recv().await.is_some() {} });
    let other = tokio::spawn(async move { while urgent.recv().await.is_some() {} });
    let mut before = 0;
    for id in 0..2000_u64 {
        // Warm: wakers, the blocks of the runtime's own queues.
        if id == 500 {
            before = allocations();
        }
        for more in 0..24 {
            let urgent = (id + more) % 3 == 0;
            let user = (id * 7 + more) % 19;
            let _ = jobs.try_send(Job { user, urgent });
            let _ = quotes.try_send(Job { user, urgent });
        }
        tokio::task::yield_now().await;
    }
    let after = allocations();
    drop((jobs, quotes));
    reader.await.unwrap();
    other.await.unwrap();
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert!(ledger.jobs.shed > 0 && ledger.quotes.lost > 0, "{ledger}");
    // A segment that waits for its tries sets a timer, which tokio may have to make room for.
    assert!(after - before < 10, "{} allocations for 72000 records", after - before);
}

#[test]
fn no_record_costs_an_allocation() {
    for threads in [1, 2] {
        let mut builder = match threads {
            1 => tokio::runtime::Builder::new_current_thread(),
            _ => tokio::runtime::Builder::new_multi_thread(),
        };
        let runtime = builder.worker_threads(threads).enable_all().build().unwrap();
        runtime.block_on(async {
            run(Everything::builder().start().unwrap()).await;
            tokio::time::sleep(Duration::from_millis(1)).await;
        });
    }
}
