//! A capacity that is no power of two, said once for all readers.
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
        topic all: u64 [broadcast 1000];
        numbers -> all;
        all -> same -> log;
        all -> drop;
    }
}

fn main() {
    let _ = P::builder().start();
}
