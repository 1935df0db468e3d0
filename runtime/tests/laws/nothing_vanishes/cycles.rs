//! In a cycle: a crawler that finds what it looks for next, with every node of it tripping now and then.

use std::sync::Arc;

use forebay::prelude::*;

use crate::kit::run::{everywhere, start};
use crate::kit::wait::{until, yields};
use crate::kit::watch::watch;
use crate::oracle::{Oracle, gone};
use crate::stages::*;
use crate::traffic::read;

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
            match end {
                0 => {
                    drop(seeds);
                    control.finished().await;
                }
                1 => {
                    until(|| oracle.count("pages") >= 5).await;
                    control.drain().await;
                }
                _ => {
                    until(|| oracle.count("pages") >= 100).await;
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
