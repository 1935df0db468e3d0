//! A cycle over an outlet, on which every edge waits.
use forebay::prelude::*;

#[stage]
fn check(n: u64) -> Result<u64, String> {
    Ok(n)
}

#[stage]
fn again(failed: Failed<u64, String>) -> Option<u64> {
    failed.record
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> check -> done;
        check.errors -[8]-> again -[8]-> check;
    }
}

fn main() {
    let PHandle { numbers, mut done, control } = P::builder().start().unwrap();
    numbers.try_send(1).unwrap();
    done.recv_blocking();
    control.finished_blocking().check().unwrap();
}
