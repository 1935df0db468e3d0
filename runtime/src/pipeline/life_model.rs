//! The turns in the life of a pipeline, and the tasks that must not sleep through them, under the model checker; see `ring::model`.
//!
//! Orders of the state and of the epoch have no twins: each turn goes through the lock of each task's waker, which orders them.

use std::future::poll_fn;

use loom::future::block_on;
use loom::thread::spawn;

use super::*;
use crate::ring::model::holds;
use crate::ring::sync::Ordering::Relaxed;
use crate::ring::sync::planted;

/// A task that waits until `done`.
fn until<F: Fn() -> bool>(life: &Arc<Lifeline>, segment: usize, done: F) -> Watched<impl Future<Output = ()> + use<F>> {
    life.clone().watch(
        segment,
        poll_fn(move |_| match done() {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }),
    )
}

#[test]
fn no_task_sleeps_through_a_turn() {
    holds(3, 20, &["lock pipeline/life.rs", "plant woken before it is told"], || {
        let life = Lifeline::new("model", 1);
        let seen = life.clone();
        let task = until(&life, 0, move || seen.aborted());
        let ended = spawn(move || block_on(task));
        let turns = spawn(move || {
            life.drain();
            if planted("woken before it is told") {
                life.wake();
                life.state.fetch_max(ABORTED, SeqCst);
            } else {
                life.abort();
            }
        });
        turns.join().unwrap();
        ended.join().unwrap();
    });
}

/// Whoever comes first, the one who drains or the one who sets the clock: it runs, and once.
#[test]
fn the_clock_of_a_drain_is_started_once() {
    holds(3, 20, &["lock pipeline/life.rs", "plant looked before it was set"], || {
        let life = Lifeline::new("model", 0);
        let started = Arc::new(AtomicUsize::new(0));
        let (other, count) = (life.clone(), started.clone());
        let starts = spawn(move || {
            let start = Box::new(move || {
                count.fetch_add(1, Relaxed);
            });
            if planted("looked before it was set") {
                let draining = other.draining();
                *other.deadline.lock().unwrap() = Some(start);
                if draining {
                    other.start_deadline();
                }
            } else {
                other.on_deadline(start);
            }
        });
        let drains = spawn(move || life.drain());
        drains.join().unwrap();
        starts.join().unwrap();
        assert_eq!(started.load(Relaxed), 1);
    });
}

#[test]
fn the_last_to_end_sees_what_all_did() {
    holds(3, 20, &["exchange pipeline/life.rs", "torn pipeline/life.rs"], || {
        let life = Lifeline::new("model", 2);
        let (did, saw) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let (all, seen) = (did.clone(), saw.clone());
        life.on_end(Box::new(move || {
            seen.fetch_add(all.load(Relaxed), Relaxed);
        }));
        let tasks = [0, 1].map(|segment| {
            let (life, did) = (life.clone(), did.clone());
            spawn(move || {
                // Dropped before its end, as by a runtime that goes: that is an end too.
                let task = until(&life, segment, || true);
                did.fetch_add(1, Relaxed);
                drop(task);
            })
        });
        tasks.into_iter().for_each(|task| task.join().unwrap());
        assert_eq!(saw.load(Relaxed), 2);
    });
}

#[test]
fn a_cycle_ends_with_the_last_in_it() {
    let twins = [
        "exchange pipeline/life.rs",
        "torn pipeline/life.rs",
        "plant left before it entered",
    ];
    holds(2, 100, &twins, || {
        let life = Lifeline::new("model", 1);
        let cycle = Component::new(1, life.clone());
        let did = Arc::new(AtomicUsize::new(0));
        let ended = {
            let (cycle, did) = (cycle.clone(), did.clone());
            until(&life, 0, move || {
                cycle.ended() && {
                    assert_eq!(did.load(Relaxed), 2, "seen with the end");
                    true
                }
            })
        };
        let reader = spawn(move || block_on(ended));
        // What the entry lets in goes on behind the entry's end.
        let (inside, work) = (cycle.clone(), did.clone());
        if !planted("left before it entered") {
            cycle.enter(1);
        }
        let record = spawn(move || {
            if planted("left before it entered") {
                inside.enter(1);
            }
            work.fetch_add(1, Relaxed);
            inside.leave(1);
        });
        let entry = spawn(move || {
            did.fetch_add(1, Relaxed);
            cycle.leave(1);
        });
        entry.join().unwrap();
        record.join().unwrap();
        reader.join().unwrap();
    });
}
