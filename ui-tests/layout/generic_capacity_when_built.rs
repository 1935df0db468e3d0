//! A capacity that is given where the pipeline is built.
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
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> same -[QUEUE]-> plus -> done;
    }
}

fn main() {
    <P<100> as Pipeline>::builder().start().unwrap();
}
