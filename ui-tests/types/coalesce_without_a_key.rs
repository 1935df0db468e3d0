//! `coalesce by key` of a record without a `#[key]`.
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
        budget 1MiB;
        input jobs: Job [8];
        jobs -> pass -[64, coalesce by key]-> work;
    }
}

fn main() {}
