//! A port that waits does not refuse.
use forebay::prelude::*;

#[record]
pub struct Job {
    #[key]
    pub user: u64,
}

#[stage]
fn work(_job: Job) {}

pipeline! {
    P {
        input jobs: Job [8, quota 8 per 1s by key];
        jobs -> work;
    }
}

fn main() {}
