//! A batch that is a const, and that its ring cannot fill.
use forebay::prelude::*;

const MOST: usize = 32;

#[stage]
async fn double(batch: Batch<u64>) -> Vec<u64> {
    batch.into_iter().map(|n| n * 2).collect()
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> double { batch: MOST } -> done;
    }
}

fn main() {
    let PHandle { numbers, mut done, control } = P::builder().start().unwrap();
    numbers.try_send(1).unwrap();
    done.recv_blocking();
    control.finished_blocking().check().unwrap();
}
