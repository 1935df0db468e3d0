//! Arrows that are none.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn plus(n: u64) -> u64 {
    n + 1
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> same => done;
    }
}

fn main() {}
