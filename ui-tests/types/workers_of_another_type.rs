//! A number of workers that is no number.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> same { workers: "four" } -> done;
    }
}

fn main() {
    let PHandle { numbers, mut done, control } = P::builder().start().unwrap();
    numbers.try_send(1).unwrap();
    done.recv_blocking();
    control.finished_blocking().check().unwrap();
}
