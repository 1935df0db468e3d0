//! What tells of a lag is a record of its own.
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
        topic all: u64 [broadcast 8];
        numbers -> all;
        all -> same -> drop;
        same.lagged -[8]-> log;
    }
}

fn main() {
    let _ = P::builder().start();
}
