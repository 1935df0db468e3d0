//! Actors: what holds for mailboxes, restarts and handles here already.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use forebay::prelude::*;
use tokio::time::Instant;

use crate::kit::wait::soon;

#[stage]
async fn never(_n: u64) {
    std::future::pending().await
}
pipeline! {
    Four {
        input numbers: u64 [4];
        numbers -> never;
    }
}

/// "A mailbox capacity of 4 accepted 100,000 messages."
#[tokio::test]
async fn a_capacity_of_four_accepts_four() {
    let FourHandle { numbers, control } = Four::builder().start().unwrap();
    let mut accepted = 0;
    for n in 0..100_000 {
        match numbers.try_send(n) {
            Ok(()) => accepted += 1,
            Err(SendError::Full(back)) => assert_eq!(back, n),
            Err(other) => panic!("{other}"),
        }
        if n % 1000 == 0 {
            tokio::task::yield_now().await;
        }
    }
    // Four in the ring, and the one that the stage has taken.
    assert!((4..=5).contains(&accepted), "{accepted}");
    assert_eq!(control.ledger().numbers.offered, accepted);
    let ledger = control.abort().await;
    ledger.check().unwrap();
    assert_eq!(ledger.never.cut + ledger.numbers.cut, accepted);
}

#[stage]
fn pass(n: u64) -> u64 {
    n
}
pipeline! {
    Straight {
        input  numbers: u64 [1];
        output done: u64 [1];
        numbers -> pass -> done;
    }
}

/// "Messages sent right after `spawn` vanished."
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_right_after_the_start_arrives() {
    for n in 0..500 {
        let StraightHandle {
            numbers,
            mut done,
            control,
        } = Straight::builder().start().unwrap();
        numbers.try_send(n).unwrap();
        drop(numbers);
        assert_eq!(soon(done.recv()).await, Some(n));
        assert_eq!(soon(done.recv()).await, None);
        control.finished().await.check().unwrap();
    }
}

/// How many of them live.
struct Model(Arc<AtomicU64>);
impl Model {
    fn new(alive: Arc<AtomicU64>) -> Self {
        alive.fetch_add(1, SeqCst);
        Model(alive)
    }
}
impl Drop for Model {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}
#[stage]
fn moody(n: u64, model: &mut Model) -> u64 {
    assert_eq!(model.0.load(SeqCst), 1, "no other one is there while this one works");
    assert!(!n.is_multiple_of(3), "a bad day");
    n
}
pipeline! {
    Restarted {
        input  numbers: u64 [8];
        output done: u64 [8];
        local  model: Model;
        numbers -> moody(model) { restart: 2 in 1h else drain } -> done;
        errors -> drop;
    }
}

/// "Old handles went stale after a restart; old and new incarnations overlapped." "`Restart` was a TODO: the actor was dead, sends still
/// returned Ok."
#[tokio::test]
async fn a_handle_outlives_restarts_and_is_told_when_there_are_no_more() {
    let alive = Arc::new(AtomicU64::new(0));
    let living = alive.clone();
    let RestartedHandle {
        numbers,
        mut done,
        control,
    } = Restarted::builder()
        .model(move |_| Model::new(living.clone()))
        .start()
        .unwrap();
    let old = numbers.clone();
    for n in [1, 3, 2, 6, 4] {
        old.send(n).await.unwrap();
    }
    for n in [1, 2, 4] {
        assert_eq!(soon(done.recv()).await, Some(n));
    }
    assert_eq!(control.ledger().moody.rebuilt, 2);
    // The third panic is one too many.
    old.send(9).await.unwrap();
    soon(control.finished()).await.check().unwrap();
    assert!(matches!(old.send(5).await, Err(SendError::Closed(5))));
    assert!(matches!(numbers.try_send(5), Err(SendError::Closed(5))));
    drop((numbers, old, done));
}

pipeline! {
    Idle {
        drain 5s;
        input  numbers: u64 [8];
        input  others: u64 [8];
        output done: u64 [8];
        node idle = pass;
        node idler = pass;
        numbers -> pass -> done;
        others -> idle -[8]-> idler { workers: 4 } -> drop;
    }
}

/// "Shutdown with one idle actor always timed out."
#[tokio::test(start_paused = true)]
async fn idle_nodes_do_not_hold_up_a_shutdown() {
    let IdleHandle {
        numbers,
        others,
        done,
        control,
    } = Idle::builder().start().unwrap();
    numbers.send(1).await.unwrap();
    let start = Instant::now();
    // All handles are still there.
    let ledger = soon(control.drain()).await;
    ledger.check().unwrap();
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!((ledger.done.offered, ledger.pass.cut), (1, 0));
    drop((numbers, others, done));
}
