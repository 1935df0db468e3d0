//! A node has one way out.
use forebay::prelude::*;

#[stage]
fn plus(n: u64) -> u64 {
    n + 1
}

pipeline! {
    P {
        input a: u64 [8];
        input b: u64 [8];
        output done: u64 [8];
        a -[8]-> plus -> done;
        b -[8]-> plus -> done;
    }
}

fn main() {}
