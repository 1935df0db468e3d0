//! Words that have a meaning of their own.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn pick(n: u64, start: &u64) -> u64 {
    n + start
}

pipeline! {
    P {
        input control: u64 [8];
        output done: u64 [8];
        shared start: u64;
        control -> pick(start) -> done;
    }
}

fn main() {}
