//! Three mistakes are three errors.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [100];
        output done: u64 [8];
        shared index: u32;
        numbers -> same(indexx) { speed: 3 } -> done;
    }
}

fn main() {
    let PHandle { numbers, mut done, control } = P::builder().start().unwrap();
    numbers.try_send(1).unwrap();
    done.recv_blocking();
    control.finished_blocking().check().unwrap();
}
