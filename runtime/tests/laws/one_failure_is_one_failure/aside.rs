//! The user's `Hash` on the way of what was refused, and of what has failed.

use std::sync::atomic::AtomicBool;

use super::*;

/// Keeps its record until the gate is open.
#[stage(runtime = none)]
async fn held(t: Touchy, gate: &AtomicBool) -> u64 {
    while !gate.load(Relaxed) {
        yields(1).await;
    }
    t.end()
}
#[stage]
fn refused_ids(s: Shed<Touchy>) -> u64 {
    s.record.end()
}
#[stage]
fn fails(_t: Touchy) -> Result<u64, Bad> {
    Err(Bad)
}
#[stage]
fn failed_ids(f: Failed<Touchy, Bad>) -> Option<u64> {
    f.record.map(Touchy::end)
}

pipeline! {
    Full {
        input  touchies: Touchy [64];
        output left: u64 [64];
        output refused: u64 [64];
        shared gate: AtomicBool;
        shared log: Log;
        touchies -> now -[1, shed]-> held(gate) -> left;
        held.shed -[64, by record]-> refused_ids { workers: 2 } -> refused;
        errors -[4]-> note(log);
    }
}

#[test]
fn a_hash_that_panics_on_a_shed_wire_costs_what_was_refused() {
    everywhere(async |on| {
        let (log, gate) = (Arc::new(Log::default()), Arc::new(AtomicBool::new(false)));
        let FullHandle {
            touchies,
            left,
            refused,
            control,
        } = start!(on, Full::builder().gate(gate.clone()).log(log.clone()));
        for t in Touchy::some(30, Sore::Hash) {
            touchies.send(t).await.unwrap();
        }
        while control.ledger().now.finished < 30 {
            ::tokio::task::yield_now().await;
        }
        gate.store(true, Relaxed);
        drop(touchies);
        let ledger = control.finished().await;
        ledger.check().unwrap_or_else(|wrong| panic!("{wrong}\n{ledger}"));
        let (left, refused): (Vec<u64>, Vec<u64>) = (left.collect().await, refused.collect().await);
        let sore = (0..30).filter(|id| id % 3 == 0 && !left.contains(id)).count() as u64;
        assert!(sore >= 8, "one is at work, one waits: {left:?}");
        assert_eq!(ledger.refused_ids.input.cut, sore, "{ledger}");
        assert!(refused.iter().all(|id| id % 3 != 0) && refused.len() as u64 + sore + left.len() as u64 == 30);
        assert_eq!((ledger.now.finished, ledger.now.failed), (30, 0), "{ledger}");
        assert!(log.take().is_empty());
    });
}

pipeline! {
    Gone {
        input  touchies: Touchy [64];
        output gone: Touchy [2, shed];
        output left: u64 [64];
        shared log: Log;
        touchies -> now -> gone;
        gone.shed -[64, by record]-> refused_ids { workers: 2 } -> left;
        errors -[4]-> note(log);
    }
}

#[test]
fn a_hash_that_panics_on_the_shed_wire_of_an_output_that_was_dropped_costs_its_record() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let GoneHandle {
            touchies,
            gone,
            left,
            control,
        } = start!(on, Gone::builder().log(log.clone()));
        drop(gone);
        for t in Touchy::some(30, Sore::Hash) {
            touchies.send(t).await.unwrap();
        }
        drop(touchies);
        let ledger = control.finished().await;
        ledger.check().unwrap_or_else(|wrong| panic!("{wrong}\n{ledger}"));
        let mut left: Vec<u64> = left.collect().await;
        left.sort_unstable();
        assert_eq!(left, sound(30));
        assert_eq!(
            (ledger.now.failed, ledger.gone.shed, ledger.refused_ids.input.cut),
            (0, 30, 10),
            "{ledger}"
        );
        assert!(log.take().is_empty());
    });
}

pipeline! {
    Failing {
        input  touchies: Touchy [4];
        output left: u64 [4];
        shared log: Log;
        touchies -> fails -> drop;
        fails.errors -[4, by record]-> failed_ids { workers: 2 } -> left;
        errors -[4]-> note(log);
    }
}

#[test]
fn a_hash_that_panics_on_an_errors_wire_costs_its_failure() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let (got, ledger) = played!(on, Failing FailingHandle, Touchy::some(30, Sore::Hash), log, left);
        assert_eq!(got, [sound(30)]);
        assert_eq!((ledger.fails.failed, ledger.failed_ids.input.cut), (30, 10), "{ledger}");
    });
}
