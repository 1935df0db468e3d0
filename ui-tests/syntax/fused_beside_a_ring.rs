//! A fused edge meets a ringed one in a node.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn plus(n: u64) -> u64 {
    n + 1
}

#[stage]
fn log(n: u64) {
    println!("{n}");
}

pipeline! {
    P {
        input a: u64 [8];
        input b: u64 [8];
        a -> same -> log;
        b -> plus -[8]-> log;
    }
}

fn main() {}
