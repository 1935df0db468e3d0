//! A function has no inlets.
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
        input a: u64 [8];
        input b: u64 [8];
        a -> log;
        b -> log.one;
    }
}

fn main() {}
