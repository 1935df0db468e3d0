//! The lag of a reader that never lags.
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
fn count(tick: Tick) -> u64 {
    tick.count
}

#[stage]
fn note(lagged: Lagged) {
    println!("{}", lagged.missed);
}

pipeline! {
    P {
        input numbers: u64 [8];
        topic all: u64 [broadcast 8];
        output shown: u64 [broadcast 8];
        numbers -> same -[8]-> log;
        log.lagged -[8]-> note;
        all.lagged -[8]-> note_b;
        shown.lagged -[8]-> note_c;
        every 1s -> count -> { all, shown };
        all -> drop;
    }
}

fn main() {
    let _ = P::builder().start();
}
