//! Law 1: nothing vanishes.

use std::sync::Arc;

use forebay::prelude::*;

use crate::oracle::{Oracle, gone};
use crate::run::{everywhere, feed, read, start, watch};
use crate::stages::*;

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
        let ledger = control.finished().await;
        reader.await.unwrap();
        live.end();
        let ledger = {
            drop(ledger);
            control.ledger()
        };
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
        while !(records.len() == 4 && out.len() == 2 && control.ledger().out.offered > 2) {
            yields(1).await;
            tokio::time::sleep(std::time::Duration::from_micros(100)).await;
        }
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
        while !(records.len() == 4 && out.len() == 2) {
            tokio::time::sleep(std::time::Duration::from_micros(100)).await;
        }
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
        drop((records, out, control));
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

// A cycle: a crawler that finds what it looks for next.

#[derive(Default)]
struct Frontier {
    todo: std::collections::VecDeque<u64>,
    seen: std::collections::HashSet<u64>,
}
#[stage]
impl Frontier {
    fn process(&mut self, page: u64) {
        if self.seen.insert(page) {
            self.todo.push_back(page);
        }
    }
    fn next(&mut self) -> Option<u64> {
        let page = self.todo.pop_front()?;
        if page % 41 == 40 {
            panic!("tripped next");
        }
        Some(page)
    }
    fn held(&self) -> usize {
        self.todo.len()
    }
}
#[stage(runtime = none)]
async fn fetch(page: u64) -> Result<u64, Bad> {
    yields(page % 3).await;
    match page % 31 {
        30 => panic!("tripped fetch"),
        29 => Err(Bad),
        _ => Ok(page),
    }
}
#[stage]
fn parse(page: u64) -> u64 {
    page
}
#[stage]
fn found(page: u64) -> impl Iterator<Item = u64> {
    (1..5)
        .map(move |k| {
            if page % 37 == 36 && k == 3 {
                panic!("tripped found");
            }
            page * 3 + k
        })
        .filter(|page| *page < 2000)
}
#[stage]
fn lost(f: Failed<u64, Bad>, oracle: &Oracle) {
    assert_eq!(f.node, "fetch");
    oracle.end("fetch", f.record.unwrap_or(0));
}
impl Id for u64 {
    fn id(&self) -> u64 {
        *self
    }
}
pipeline! {
    Crawler {
        input  seeds: u64 [2];
        output pages: u64 [2];
        shared oracle: Oracle;
        node   frontier: Frontier = Frontier::default();
        seeds -> frontier -[2]-> fetch { workers: 2 } -[2]-> parse -> {
            -[1]-> found -[2]-> frontier,
            pages,
        };
        fetch.errors -[1]-> lost(oracle);
    }
}

#[test]
fn a_cycle_to_its_end_drained_and_aborted() {
    everywhere(async |on| {
        for end in [0, 1, 2] {
            let oracle = Arc::new(Oracle::default());
            let CrawlerHandle { seeds, pages, control } = start!(on, Crawler::builder().oracle(oracle.clone()));
            let live = watch(&control);
            let reader = read(pages, "pages", &oracle);
            seeds.send(1).await.unwrap();
            let until = async |n: u64| {
                while oracle.count("pages") < n {
                    tokio::time::sleep(std::time::Duration::from_micros(100)).await;
                }
            };
            match end {
                0 => {
                    drop(seeds);
                    control.finished().await;
                }
                1 => {
                    until(5).await;
                    control.drain().await;
                }
                _ => {
                    until(100).await;
                    control.abort().await;
                }
            }
            reader.await.unwrap();
            live.end();
            let ledger = control.ledger();
            ledger.check().unwrap_or_else(|wrong| panic!("{wrong}\n{ledger}"));
            let mut got = oracle.at("pages");
            got.extend(oracle.at("fetch"));
            let all = got.len();
            got.sort();
            got.dedup();
            assert_eq!(got.len(), all, "no page twice");
            if end < 2 {
                // A drain lets a cycle run to its end too, and nothing is cut.
                assert!(got.len() > 1000, "{}\n{ledger}", got.len());
                assert_eq!(gone(&ledger, &["seeds", "fetch", "parse", "pages", "lost"]), 0);
                assert_eq!(ledger.frontier.cut, 0);
                assert!(ledger.frontier.failed > 0 && ledger.found.failed > 0);
                assert_eq!(ledger.frontier.emitted, all as u64);
            } else {
                let cut =
                    ledger.fetch.input.cut + ledger.fetch.cut + ledger.parse.input.cut + ledger.pages.cut + ledger.lost.input.cut;
                assert_eq!(ledger.frontier.emitted, all as u64 + cut, "{ledger}");
            }
        }
    });
}

pipeline! {
    NewestFew {
        input  records: Rec [32];
        output out: Rec [32, drop_oldest];
        records -> c -> out;
        errors -> drop;
    }
}

/// What waits in an output counts as queued, however much of it was read.
#[test]
fn an_output_that_drops_the_oldest_counts_what_waits_in_it() {
    everywhere(async |on| {
        let NewestFewHandle {
            records,
            mut out,
            control,
        } = start!(on, NewestFew::builder());
        for id in 0..20 {
            records.send(Rec::new(id)).await.unwrap();
        }
        drop(records);
        let end = control.finished().await;
        assert_eq!((end.out.offered, end.out.queued), (20, 20));
        for id in 0..20 {
            let ledger = control.ledger();
            ledger.check().unwrap();
            assert_eq!((ledger.out.taken, ledger.out.queued), (id, 20 - id));
            assert_eq!(out.recv().await.unwrap().id, id);
        }
        assert_eq!(out.recv().await, None);
    });
}

pipeline! {
    TwoRingsThatShed {
        input  lefts: Rec [64];
        input  rights: Rec [64];
        output out: Rec [256];
        shared oracle: Oracle;
        node left = a;
        node right = a;
        lefts -> left -[1, shed]-> c -> out;
        rights -> right -[1, shed]-> c;
        c.shed -[256]-> refused(oracle);
        errors -> drop;
    }
}

/// Two rings before a node shed, each in its measure: what went over the shed wire is the sum.
#[test]
fn what_two_rings_before_a_node_shed_is_summed() {
    everywhere(async |on| {
        let oracle = Arc::new(Oracle::default());
        let TwoRingsThatShedHandle {
            lefts,
            rights,
            out,
            control,
        } = start!(on, TwoRingsThatShed::builder().oracle(oracle.clone()));
        let reader = read(out, "out", &oracle);
        let sent = feed(lefts, (0..60).map(Rec::new).collect(), oracle.clone()).await
            + feed(rights, (60..70).map(Rec::new).collect(), oracle.clone()).await;
        let ledger = control.finished().await;
        reader.await.unwrap();
        ledger.check().unwrap();
        oracle.check(&["out", "shed"], 0).unwrap();
        assert_eq!((sent, oracle.count("shed")), (70, ledger.c.input.shed));
    });
}
