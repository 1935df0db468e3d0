//! A batch is answered by a `Vec`.
use forebay::prelude::*;

#[stage]
async fn sum(batch: Batch<u64>) -> u64 {
    batch.into_iter().sum()
}

fn main() {}
