//! Law 2: everything is bounded, and nothing runs when there is nothing to do.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

use forebay::prelude::*;

use crate::run::{everywhere, start};
use crate::stages::yields;

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
        for n in 0..6 {
            numbers.send(n).await.unwrap();
        }
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
