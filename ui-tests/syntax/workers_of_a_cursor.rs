//! Several workers that would be one reader.
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
        all -> log { workers: 4 };
    }
}

fn main() {
    let _ = P::builder().start();
}
