//! A topic that nothing feeds.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn log(n: u64) {
    println!("{n}");
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        topic between: u64 [8];
        numbers -> same -> done;
        between -> log;
    }
}

fn main() {}
