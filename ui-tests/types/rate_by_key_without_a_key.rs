//! A rate for each key, of records that have none.
use forebay::prelude::*;

#[record]
pub struct Job {
    pub user: u64,
}

#[stage]
async fn work(_job: Job) {}

pipeline! {
    P {
        input jobs: Job [8];
        jobs -> work { rate: 100 per 1s by key };
    }
}

fn main() {}
