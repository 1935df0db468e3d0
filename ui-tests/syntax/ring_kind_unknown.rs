//! A kind of ring that is not one.
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
        topic all: u64 [brodcast 1024];
        numbers -> all;
        all -> log;
    }
}

fn main() {
    let _ = P::builder().start();
}
