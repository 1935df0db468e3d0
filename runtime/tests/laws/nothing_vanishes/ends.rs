//! However it ends: by itself, by a drain or an abort, with handles dropped, or with its runtime.

use std::sync::Arc;

use forebay::prelude::*;

use crate::kit::run::{everywhere, start};
use crate::kit::wait::{until, yields};
use crate::kit::watch::watch;
use crate::oracle::{Oracle, gone};
use crate::stages::*;
use crate::traffic::{feed, read};

pipeline! {
    pub Line {
        input  records: Rec [4];
        output out: Rec [2];
        shared oracle: Oracle;
        records -> a -[2]-> b -[4]-> c -> out;
        a.errors -[4]-> dead(oracle);
        b.errors -[4]-> dead;
        c.errors -[4]-> dead;
    }
}
const ENDS: &[&str] = &["out", "a", "b", "c"];
const WAY: &[&str] = &["records", "a", "b", "c", "out", "dead"];

/// Every third record trips: at one of three stages, one way or the other.
fn thirds(n: u64) -> Vec<Rec> {
    let trip = |id: u64| {
        let how = if id.is_multiple_of(2) { Trip::Panic } else { Trip::Error };
        Rec::new(id).trips(["a", "b", "c"][(id / 3 % 3) as usize], how)
    };
    (0..n).map(|id| if id % 3 == 0 { trip(id) } else { Rec::new(id) }).collect()
}

#[test]
fn to_the_end_with_a_stage_that_trips_on_every_third_record() {
    everywhere(async |on| {
        let oracle = Arc::new(Oracle::default());
        let LineHandle { records, out, control } = start!(on, Line::builder().oracle(oracle.clone()));
        let live = watch(&control);
        let reader = read(out, "out", &oracle);
        assert_eq!(feed(records, thirds(300), oracle.clone()).await, 300);
        control.finished().await;
        reader.await.unwrap();
        live.end();
        let ledger = control.ledger();
        ledger.check().unwrap();
        oracle.check(ENDS, 0).unwrap();
        assert_eq!(gone(&ledger, WAY), 0);
        assert_eq!(ledger.a.failed + ledger.b.failed + ledger.c.failed, 100);
        assert_eq!(oracle.count("out"), 200);
    });
}

#[test]
fn a_drain_with_every_ring_full() {
    everywhere(async |on| {
        let oracle = Arc::new(Oracle::default());
        let LineHandle { records, out, control } = start!(on, Line::builder().oracle(oracle.clone()));
        let live = watch(&control);
        let sender = tokio::spawn(feed(records.clone(), thirds(1000), oracle.clone()));
        // Nobody reads, so everything fills up.
        until(|| records.len() == 4 && out.len() == 2 && control.ledger().out.offered > 2).await;
        let drained = control.drain();
        yields(3).await;
        let reader = read(out, "out", &oracle);
        drained.await;
        reader.await.unwrap();
        let accepted = sender.await.unwrap();
        live.end();
        let ledger = control.ledger();
        ledger.check().unwrap();
        assert_eq!(ledger.records.offered, accepted);
        assert_eq!(gone(&ledger, WAY), 0);
        oracle.check(ENDS, 0).unwrap();
    });
}

#[test]
fn an_abort_in_the_middle_of_everything() {
    everywhere(async |on| {
        for after in [0, 1, 7, 50, 150] {
            let oracle = Arc::new(Oracle::default());
            let LineHandle { records, out, control } = start!(on, Line::builder().oracle(oracle.clone()));
            let live = watch(&control);
            let reader = read(out, "out", &oracle);
            let sender = tokio::spawn(feed(records, thirds(1000), oracle.clone()));
            while oracle.count("out") < after {
                yields(1).await;
            }
            control.abort().await;
            sender.await.unwrap();
            reader.await.unwrap();
            live.end();
            let ledger = control.ledger();
            ledger.check().unwrap();
            oracle.check(ENDS, gone(&ledger, WAY)).unwrap();
            assert_eq!(ledger.out.queued, 0);
        }
    });
}

#[test]
fn an_abort_with_every_ring_full_and_nobody_there() {
    everywhere(async |on| {
        let oracle = Arc::new(Oracle::default());
        let LineHandle { records, out, control } = start!(on, Line::builder().oracle(oracle.clone()));
        let sender = tokio::spawn(feed(records.clone(), thirds(1000), oracle.clone()));
        until(|| records.len() == 4 && out.len() == 2).await;
        let ledger = control.abort().await;
        ledger.check().unwrap();
        sender.await.unwrap();
        assert_eq!(ledger.out.queued, 2);
        oracle.check(ENDS, gone(&ledger, WAY) + 2).unwrap();
        // What was given before the abort can still be read.
        read(out, "out", &oracle).await.unwrap();
        oracle.check(ENDS, gone(&control.ledger(), WAY)).unwrap();
        control.ledger().check().unwrap();
    });
}

#[test]
fn an_output_that_is_dropped_midway_sheds() {
    everywhere(async |on| {
        for after in [0, 1, 5, 60] {
            let oracle = Arc::new(Oracle::default());
            let LineHandle {
                records,
                mut out,
                control,
            } = start!(on, Line::builder().oracle(oracle.clone()));
            let live = watch(&control);
            let sender = tokio::spawn(feed(records, thirds(150), oracle.clone()));
            for _ in 0..after {
                oracle.end("out", out.recv().await.unwrap().id);
            }
            drop(out);
            control.finished().await;
            assert_eq!(sender.await.unwrap(), 150);
            live.end();
            let ledger = control.ledger();
            ledger.check().unwrap();
            oracle.check(ENDS, gone(&ledger, WAY)).unwrap();
            assert_eq!(gone(&ledger, WAY), ledger.out.shed);
            assert_eq!(ledger.out.taken, after);
        }
    });
}

#[test]
fn all_handles_dropped_midway_drain_in_the_background() {
    everywhere(async |on| {
        let oracle = Arc::new(Oracle::default());
        let (ended, end) = tokio::sync::oneshot::channel();
        let tell = move |ledger: &LineLedger| drop(ended.send(ledger.clone()));
        let LineHandle {
            records,
            mut out,
            control,
        } = start!(on, Line::builder().oracle(oracle.clone()).on_end(tell));
        for record in thirds(40) {
            let id = record.id;
            if let Ok(()) = records.try_send(record) {
                oracle.accepted(id);
            }
            if let Ok(x) = out.try_recv() {
                oracle.end("out", x.id);
            }
            yields(1).await;
        }
        // The output first: with the input gone the pipeline may end at once, and what then lies in the output is not shed yet.
        drop((out, records, control));
        let ledger = end.await.unwrap();
        ledger.check().unwrap();
        oracle.check(ENDS, gone(&ledger, WAY)).unwrap();
        assert_eq!(gone(&ledger, WAY), ledger.out.shed);
    });
}

#[test]
fn the_runtime_dropped_midway() {
    for after in [0, 1, 30] {
        let oracle = Arc::new(Oracle::default());
        let (ended, end) = std::sync::mpsc::channel();
        let tell = move |ledger: &LineLedger| drop(ended.send(ledger.clone()));
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
        let entered = runtime.enter();
        let LineHandle {
            records,
            mut out,
            control,
        } = Line::builder().oracle(oracle.clone()).on_end(tell).start().unwrap();
        drop(entered);
        let (inside, input) = (oracle.clone(), records);
        let sender = std::thread::spawn(move || {
            for record in thirds(1000) {
                let id = record.id;
                match input.send_blocking(record) {
                    Ok(()) => inside.accepted(id),
                    Err(_) => break,
                }
            }
        });
        for _ in 0..after {
            oracle.end("out", out.recv_blocking().unwrap().id);
        }
        runtime.shutdown_background();
        end.recv().unwrap();
        sender.join().unwrap();
        while let Some(x) = out.recv_blocking() {
            oracle.end("out", x.id);
        }
        let ledger = control.finished_blocking();
        ledger.check().unwrap();
        oracle
            .check(ENDS, gone(&ledger, WAY))
            .unwrap_or_else(|wrong| panic!("{wrong}\n{ledger}"));
    }
}
