//! A value that a stage borrows, and that may not be there.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn log(n: u64) {
    println!("{n}");
}

#[stage]
fn below(n: u64, limit: &u64) -> Option<u64> {
    (n < *limit).then_some(n)
}

#[stage]
fn beat(tick: Tick, all: &u64) {
    println!("{} {all}", tick.count);
}

pipeline! {
    P {
        input numbers: u64 [8];
        input limits: u64 [8];
        topic limit: u64 [latest];
        topic all: u64 [broadcast 8];
        limits -> { limit, all };
        all -> log;
        numbers -> below(limit) -> drop;
        every 1s -> beat(all);
    }
}

fn main() {
    let _ = P::builder().start();
}
