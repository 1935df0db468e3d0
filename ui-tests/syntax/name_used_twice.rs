//! A name stands for one thing.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        output numbers: u64 [8];
        numbers -> same -> numbers;
    }
}

fn main() {}
