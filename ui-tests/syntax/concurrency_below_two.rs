//! One record in flight is what a worker has anyway.
use forebay::prelude::*;

#[stage]
async fn ask(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> ask { concurrency: 1 } -> done;
    }
}

fn main() {}
