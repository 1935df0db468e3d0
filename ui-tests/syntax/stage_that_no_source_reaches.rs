//! A stage that no source reaches: only a cycle leads to it.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn left(n: u64) -> u64 {
    n
}
#[stage]
fn right(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> same -> done;
        left -[8, shed]-> right -[8]-> left;
    }
}

fn main() {}
