//! The rings take more than the budget, with what is given where the pipeline is built.
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
    P<const QUEUE: usize = 64> {
        budget 4KiB;
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> same -[QUEUE]-> plus -> done;
    }
}

fn main() {
    <P<4096> as Pipeline>::builder().start().unwrap();
}
