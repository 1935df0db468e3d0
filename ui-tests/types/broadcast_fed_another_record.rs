//! A topic that is fed what it does not hold.
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
        input numbers: u32 [8];
        topic all: u64 [broadcast 8];
        numbers -> all;
        all -> log;
    }
}

fn main() {
    let _ = P::builder().start();
}
