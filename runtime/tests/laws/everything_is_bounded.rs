//! Law 2: everything is bounded, and nothing runs when there is nothing to do.

use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::time::Duration;

use forebay::prelude::*;

use crate::kit::feed::send_each;
use crate::kit::run::{everywhere, paused, start};
use crate::kit::wait::yields;

#[stage]
fn same(n: u64) -> u64 {
    n
}
#[stage(runtime = none)]
async fn soon(n: u64) -> u64 {
    yields(1).await;
    n
}
pipeline! {
    Narrow {
        input  numbers: u64 [1];
        output out: u64 [1];
        numbers -> same -[1]-> soon -[2]-> { -[1]-> same2 -> out, -[4]-> same3 -> drop };
        node same2 = same;
        node same3 = same;
    }
}

#[test]
fn an_output_that_nobody_reads_holds_everything_up_at_the_declared_sizes() {
    everywhere(async |on| {
        let NarrowHandle { numbers, out, control } = start!(on, Narrow::builder());
        let mut accepted = 0;
        let mut full = 0;
        while full < 200 {
            match numbers.try_send(accepted) {
                Ok(()) => (accepted, full) = (accepted + 1, 0),
                Err(_) => full += 1,
            }
            tokio::time::sleep(Duration::from_micros(50)).await;
        }
        // The rings hold 1 + 1 + 2 + 1 + 1, and each of the four segments on the way one more.
        assert!((6..=10).contains(&accepted), "{accepted}\n{}", control.ledger());
        let ledger = control.ledger();
        assert_eq!((ledger.numbers.queued, out.len()), (1, 1));
        drop(numbers);
        assert_eq!(out.collect::<Vec<_>>().await, (0..accepted).collect::<Vec<_>>());
        control.finished().await.check().unwrap();
    });
}

#[derive(Default)]
struct Asked(AtomicU64);

struct Lazy {
    held: Vec<u64>,
    asked: Arc<Asked>,
}
#[stage]
impl Lazy {
    fn process(&mut self, n: u64) {
        self.held.push(n);
    }
    fn next(&mut self) -> Option<u64> {
        self.asked.0.fetch_add(1, Relaxed);
        self.held.pop()
    }
    fn held(&self) -> usize {
        self.held.len()
    }
}
pipeline! {
    Pulled {
        input  numbers: u64 [4];
        output out: u64 [1];
        node   lazy: Lazy;
        numbers -> lazy -> out;
    }
}

#[test]
fn a_pulled_node_is_asked_when_there_is_room_and_not_without_end() {
    everywhere(async |on| {
        let asked = Arc::new(Asked::default());
        let inside = asked.clone();
        let lazy = move |_: WorkerId| Lazy {
            held: Vec::new(),
            asked: inside.clone(),
        };
        let PulledHandle {
            numbers,
            mut out,
            control,
        } = start!(on, Pulled::builder().lazy(lazy));
        send_each(&numbers, 0..6).await;
        tokio::time::sleep(Duration::from_millis(20)).await;
        // One is in the output; nothing more is asked for.
        let before = asked.0.load(Relaxed);
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(asked.0.load(Relaxed), before);
        assert!(before <= 10, "{before}");
        let mut got = Vec::new();
        for _ in 0..6 {
            got.push(out.recv().await.unwrap());
        }
        got.sort();
        assert_eq!(got, [0, 1, 2, 3, 4, 5]);
        tokio::time::sleep(Duration::from_millis(20)).await;
        let before = asked.0.load(Relaxed);
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert_eq!(asked.0.load(Relaxed), before);
        assert!(before <= 20, "{before}");
        drop(numbers);
        assert_eq!(out.recv().await, None);
        control.finished().await.check().unwrap();
    });
}

pipeline! {
    TwoPorts {
        input  ones: u64 [4];
        input  twos: u64 [4];
        shared gate: Gate;
        ones -> gated(gate) { workers: 2 };
        twos -> gated;
    }
}
#[derive(Default)]
struct Gate {
    open: AtomicBool,
    inside: AtomicU64,
}
#[stage(runtime = none)]
async fn gated(_n: u64, gate: &Gate) {
    gate.inside.fetch_add(1, Relaxed);
    while !gate.open.load(Relaxed) {
        yields(1).await;
    }
    gate.inside.fetch_sub(1, Relaxed);
}

#[test]
fn a_record_does_not_wait_for_a_busy_worker_while_another_is_idle() {
    everywhere(async |on| {
        let gate = Arc::new(Gate::default());
        let TwoPortsHandle { ones, twos, control } = start!(on, TwoPorts::builder().gate(gate.clone()));
        for round in 0..50 {
            gate.open.store(false, Relaxed);
            // Both are idle, and both wait for both.
            tokio::time::sleep(Duration::from_micros(300)).await;
            let (first, second) = if round % 2 == 0 { (&ones, &twos) } else { (&twos, &ones) };
            first.send(round).await.unwrap();
            while gate.inside.load(Relaxed) < 1 {
                yields(1).await;
            }
            second.send(round).await.unwrap();
            while gate.inside.load(Relaxed) < 2 {
                yields(1).await;
            }
            gate.open.store(true, Relaxed);
            while gate.inside.load(Relaxed) > 0 {
                yields(1).await;
            }
        }
        control.drain().await.check().unwrap();
    });
}

#[stage(runtime = none)]
async fn never(n: u64) -> u64 {
    if n > 2 {
        std::future::pending::<()>().await;
    }
    n
}
pipeline! {
    Idle {
        input  numbers: u64 [4];
        output out: u64 [1];
        output ticks: Tick [1];
        node   lazy: Lazy;
        node   same2 = same;
        numbers -> lazy -[2]-> never { workers: 2 } -[1]-> { -[1]-> same -> out, -[2, shed]-> same2 -> drop };
        every 1h -> ticks;
    }
}

/// A paused clock goes on only when nothing runs: one task that spins, and the hour never passes.
#[test]
fn nothing_runs_when_there_is_nothing_to_do() {
    paused(async || {
        let asked = Arc::new(Asked::default());
        let lazy = move |_: WorkerId| Lazy {
            held: Vec::new(),
            asked: asked.clone(),
        };
        let IdleHandle {
            numbers,
            mut out,
            ticks,
            control,
        } = Idle::builder().lazy(lazy).start().unwrap();
        let hours = async |n: u64| tokio::time::sleep(Duration::from_secs(3600 * n)).await;
        hours(1).await;
        // Full outputs, workers that wait, a pulled stage that holds records for which there is no room.
        for n in 0..12 {
            numbers.send(n).await.unwrap();
            hours(1).await;
        }
        assert!(out.recv().await.is_some());
        hours(1).await;
        let drained = control.drain();
        hours(1).await;
        assert_eq!(ticks.len(), 1);
        drop(drained);
        let ledger = control.abort().await;
        ledger.check().unwrap();
    });
}
