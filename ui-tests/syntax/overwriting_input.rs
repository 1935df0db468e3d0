//! An input that every reader would see.
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
        input numbers: u64 [broadcast 8];
        input limit: u64 [latest = 1];
        numbers -> log;
        limit -> log;
    }
}

fn main() {
    let _ = P::builder().start();
}
