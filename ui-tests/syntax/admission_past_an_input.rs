//! What comes from a stage was let in before.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}
#[stage]
fn last(_n: u64) {}

pipeline! {
    P {
        input numbers: u64 [8];
        numbers -> same -[8, shed, limit 100 per 1s]-> last;
    }
}

fn main() {}
