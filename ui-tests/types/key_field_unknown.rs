//! `by FIELD` of a record without the field.
use forebay::prelude::*;

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
        jobs -> pass -[64, by usr]-> work { workers: 4 };
    }
}

fn main() {}
