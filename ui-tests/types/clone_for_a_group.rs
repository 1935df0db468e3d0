//! A group clones the record to each of its branches.
use forebay::prelude::*;

pub struct Job(pub u64);

#[stage]
fn work(job: Job) -> Job {
    job
}
#[stage]
fn left(_job: Job) {}
#[stage]
fn right(_job: Job) {}

pipeline! {
    P {
        input jobs: Job [8];
        jobs -> work -> { left, -[8]-> right };
    }
}

fn main() {}
