//! All rings together take more than the budget.
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
    P {
        budget 32KiB;
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> same -[1024]-> plus -[4096]-> done_at_last -> done;
        node done_at_last = same;
    }
}

fn main() {
    let PHandle { numbers, mut done, control } = P::builder().start().unwrap();
    numbers.try_send(1).unwrap();
    done.recv_blocking();
    control.finished_blocking().check().unwrap();
}
