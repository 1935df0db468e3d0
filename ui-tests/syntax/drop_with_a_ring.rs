//! `drop` takes no ring.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        numbers -> same -[8]-> drop;
    }
}

fn main() {}
