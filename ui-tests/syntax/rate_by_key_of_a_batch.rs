//! A batch has the records of many keys.
use forebay::prelude::*;

#[record]
pub struct Job {
    #[key]
    pub user: u64,
}

#[stage]
async fn work(batch: Batch<Job>) -> Vec<Job> {
    batch.into_iter().collect()
}

pipeline! {
    P {
        input jobs: Job [8];
        output done: Job [8];
        jobs -> work { batch: 8, rate: 100 per 1s by key } -> done;
    }
}

fn main() {}
