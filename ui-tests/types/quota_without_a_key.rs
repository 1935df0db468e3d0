//! A quota for each key, of records that have none.
use forebay::prelude::*;

#[record]
pub struct Job {
    pub user: u64,
}

#[stage]
fn work(_job: Job) {}

pipeline! {
    P {
        input jobs: Job [8, shed, quota 8 per 1s by key];
        jobs -> work;
    }
}

fn main() {}
