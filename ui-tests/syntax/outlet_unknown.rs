//! An outlet that is not one.
use forebay::prelude::*;

#[stage]
fn check(n: u64) -> Result<u64, String> {
    Ok(n)
}

#[stage]
fn note<R: Send + 'static, E: Send + 'static>(failed: Failed<R, E>) {
    println!("{}", failed.node);
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> check -> done;
        errors -> drop;
        check.lost -[8]-> note;
    }
}

fn main() {
    let PHandle { numbers, mut done, control } = P::builder().start().unwrap();
    numbers.try_send(1).unwrap();
    done.recv_blocking();
    control.finished_blocking().check().unwrap();
}
