//! A wire that leads back to a pulled stage.

use forebay::prelude::*;

#[derive(Default)]
struct Frontier {
    todo: std::collections::VecDeque<u64>,
    seen: std::collections::HashSet<u64>,
}

#[stage]
impl Frontier {
    fn process(&mut self, url: u64) {
        if self.seen.insert(url) {
            self.todo.push_back(url);
        }
    }
    fn next(&mut self) -> Option<u64> {
        self.todo.pop_front()
    }
    fn held(&self) -> usize {
        self.todo.len()
    }
}
#[stage]
async fn fetch(url: u64) -> Vec2 {
    Vec2(url, (1..5).map(|k| url * 3 + k).filter(|n| *n < 500).collect())
}

#[derive(Clone)]
struct Vec2(u64, Vec<u64>);

#[stage]
fn found(page: Vec2) -> impl Iterator<Item = u64> {
    page.1.into_iter()
}
#[stage]
fn title(page: Vec2) -> u64 {
    page.0
}

pipeline! {
    pub Crawler {
        input  seeds: u64 [2];
        output pages: u64 [2];
        node   frontier: Frontier = Frontier::default();
        seeds -> frontier -[2]-> fetch { workers: 2 } -[2]-> parse -> {
            -[2]-> found -[2]-> frontier,
            title -> pages,
        };
    }
}
#[stage]
fn parse(page: Vec2) -> Vec2 {
    page
}

#[tokio::test]
async fn a_cycle_ends_by_itself() {
    let CrawlerHandle { seeds, pages, control } = Crawler::builder().start().unwrap();
    seeds.send(1).await.unwrap();
    drop(seeds);
    let pages: Vec<u64> = pages.collect().await;
    let ledger = control.finished().await;
    println!("{} pages\n{ledger}", pages.len());
    ledger.check().unwrap();
    let mut unique = pages.clone();
    unique.sort();
    unique.dedup();
    assert_eq!(unique.len(), pages.len());
    assert!(pages.len() > 100);
}
