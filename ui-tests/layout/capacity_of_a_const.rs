//! A capacity that is a const, and not a power of two.
use forebay::prelude::*;

const QUEUE: usize = 100;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn plus(n: u64) -> u64 {
    n + 1
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> same -[QUEUE]-> plus -> done;
    }
}

fn main() {
    let PHandle { numbers, mut done, control } = P::builder().start().unwrap();
    numbers.try_send(1).unwrap();
    done.recv_blocking();
    control.finished_blocking().check().unwrap();
}
