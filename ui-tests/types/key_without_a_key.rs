//! `by key` of a record without a `#[key]`.
use forebay::prelude::*;

#[record]
pub struct Job {
    pub user: u64,
}

#[stage]
fn pass(job: Job) -> Job {
    job
}
#[stage]
fn work(_job: Job) {}

pipeline! {
    P {
        input jobs: Job [8];
        jobs -> pass -[64, by key]-> work { workers: 4 };
    }
}

fn main() {}
