//! `restart: 3 in 10s else drain`, or `else abort`

use std::time::Duration;

use forebay::prelude::*;
use tokio::time::sleep;

use crate::kit::feed::send_each;
use crate::support::{Bad, Do, Script, by_script, scripted};

by_script! { Drains { restart: 2 in 10s else drain, retry: 1 } }

#[tokio::test(start_paused = true)]
async fn panics_are_counted_in_the_time_of_the_runtime() {
    let script = Script::new([Do::Panic]);
    let DrainsHandle {
        numbers,
        done,
        mut failed,
        control,
    } = Drains::builder().script(script.clone()).start().unwrap();
    // Two in any ten seconds are borne, for as long as it takes.
    for n in 0..20 {
        numbers.send(n).await.unwrap();
        let failure = failed.recv().await.unwrap();
        assert_eq!((failure.record, failure.attempts), (Some(n), 1), "a panic is not tried again");
        sleep(Duration::from_millis(5_001)).await;
    }
    // Three are not: what comes to this worker fails from then on, and the pipeline drains.
    send_each(&numbers, 20..26).await;
    let ledger = control.finished().await;
    ledger.check().unwrap();
    let causes: Vec<_> = failed
        .collect::<Vec<_>>()
        .await
        .into_iter()
        .map(|failed| failed.cause)
        .collect();
    let panic = Cause::Panic("tripped".to_owned());
    let dead = Cause::WorkerDead;
    // One of the last ten seconds is still counted.
    assert_eq!(causes, [panic.clone(), panic, dead.clone(), dead.clone(), dead.clone(), dead]);
    assert_eq!((ledger.scripted.failed, script.count()), (26, 22));
    // The handle stays valid, and says how it is.
    assert!(matches!(numbers.send(1).await, Err(SendError::Closed(1))));
    control.drain().await.check().unwrap();
    assert_eq!(control.ledger().scripted.failed, 26);
    assert_eq!(done.collect::<Vec<_>>().await, Vec::<u64>::new());
}

pipeline! {
    Aborts {
        input  numbers: u64 [64];
        output done: u64 [64];
        shared script: Script;
        numbers -> scripted(script) { workers: 2, restart: 1 in 10s else abort, timeout: 1h } -> done;
        errors -> drop;
    }
}

#[tokio::test(start_paused = true)]
async fn an_abort_for_panics_cuts_what_the_other_worker_does() {
    // Whoever hangs is cut; the other one panics twice.
    let script = Script::new([Do::Hang, Do::Panic]);
    let AbortsHandle { numbers, done, control } = Aborts::builder().script(script.clone()).start().unwrap();
    for n in 0..10 {
        numbers.try_send(n).unwrap();
    }
    let ledger = control.finished().await;
    ledger.check().unwrap();
    assert_eq!((ledger.scripted.failed, ledger.scripted.cut, script.running()), (2, 1, 0));
    assert_eq!(ledger.numbers.cut, 7);
    drop(done);
}
