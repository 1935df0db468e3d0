//! An input that nothing reads.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        input others: u64 [8];
        output done: u64 [8];
        numbers -> same -> done;
    }
}

fn main() {}
