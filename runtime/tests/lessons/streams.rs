//! Streams, and what is given to a builder.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;

use forebay::prelude::*;

use crate::kit::feed::send_each;
use crate::kit::wait::soon;

#[stage(runtime = none)]
async fn pass(n: u64) -> u64 {
    n
}
pipeline! {
    Long {
        input  numbers: u64 [1024];
        output done: u64 [1024];
        numbers -> pass -[1024]-> next -> done;
        node next = pass;
    }
}

/// "A stream of one item never woke its reader (wake-ups were batched without a flush)."
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_record_wakes_a_reader_that_waits() {
    let LongHandle {
        numbers,
        mut done,
        control,
    } = Long::builder().start().unwrap();
    for n in 0..200 {
        let waits = tokio::spawn(async move { (done.recv().await, done) });
        tokio::task::yield_now().await;
        // One, and then nothing for long.
        numbers.send(n).await.unwrap();
        let (got, back) = soon(waits).await.unwrap();
        assert_eq!(got, Some(n));
        done = back;
    }
    drop(done);
    control.drain().await.check().unwrap();
}

/// "`next().await` blocked the executor."
#[tokio::test]
async fn a_reader_that_waits_lets_others_run() {
    let LongHandle {
        numbers,
        mut done,
        control,
    } = Long::builder().start().unwrap();
    // On one thread: that the other task sends at all is the proof.
    let other = tokio::spawn(async move {
        tokio::task::yield_now().await;
        numbers.send(7).await.unwrap();
        numbers
    });
    assert_eq!(soon(done.recv()).await, Some(7));
    drop(other.await.unwrap());
    control.drain().await.check().unwrap();
}

pipeline! {
    Sixteen {
        input  numbers: u64 [16];
        output done: u64 [16];
        numbers -> pass -> done;
    }
}

/// "A full buffer was read as \"receiver gone\": 1,000 items into capacity 16 gave 16."
#[tokio::test]
async fn full_is_not_closed_and_a_thousand_go_through_sixteen() {
    let SixteenHandle { numbers, done, control } = Sixteen::builder().start().unwrap();
    // Nobody has run yet: the ring is full, and not closed.
    for n in 0..16 {
        numbers.try_send(n).unwrap();
    }
    assert!(matches!(numbers.try_send(16), Err(SendError::Full(16))));
    let sender = tokio::spawn(async move {
        send_each(&numbers, 16..1000).await;
        numbers
    });
    let reader = tokio::spawn(done.collect::<Vec<_>>());
    let numbers = soon(sender).await.unwrap();
    control.drain().await.check().unwrap();
    assert!(matches!(numbers.try_send(1), Err(SendError::Closed(1))));
    assert_eq!(soon(reader).await.unwrap(), (0..1000).collect::<Vec<_>>());
}

/// "An `on_chunk` handler was accepted and ignored on one construction path."
#[tokio::test]
async fn what_is_to_be_told_of_the_end_is_told_however_it_was_started() {
    let told = Arc::new(AtomicU64::new(0));
    let tell = || {
        let told = told.clone();
        Sixteen::builder().on_end(move |ledger| {
            assert_eq!(ledger.numbers.offered, 1);
            told.fetch_add(1, SeqCst);
        })
    };
    let on_tokio = tell().start().unwrap();
    on_tokio.numbers.try_send(1).unwrap();
    soon(on_tokio.control.drain()).await;
    assert_eq!(told.load(SeqCst), 1);
    let on_threads = tell().start_threads().unwrap();
    on_threads.numbers.try_send(1).unwrap();
    soon(on_threads.control.drain()).await;
    assert_eq!(told.load(SeqCst), 2);
    let on_rt = tell().start_on(forebay::rt::TokioRt::ambient().unwrap()).unwrap();
    on_rt.numbers.try_send(1).unwrap();
    soon(on_rt.control.drain()).await;
    assert_eq!(told.load(SeqCst), 3);
}
