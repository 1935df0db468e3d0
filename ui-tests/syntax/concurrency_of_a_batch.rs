//! A batch is one call.
use forebay::prelude::*;

#[stage]
async fn embed(batch: Batch<u64>) -> Vec<u64> {
    batch.into_iter().collect()
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> embed { concurrency: 16, batch: 4 } -> done;
    }
}

fn main() {}
