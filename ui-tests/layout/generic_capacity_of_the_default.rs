//! The default of a capacity is not a power of two.
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
    P<const QUEUE: usize = 100> {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> same -[QUEUE]-> plus -> done;
    }
}

fn main() {}
