//! Constants that are not there.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [QUEUE];
        output done: u64 [8];
        numbers -> same { workers: WORKERS } -> done;
    }
}

fn main() {
    let PHandle { numbers, mut done, control } = P::builder().start().unwrap();
    numbers.try_send(1).unwrap();
    done.recv_blocking();
    control.finished_blocking().check().unwrap();
}
