//! A quota that lets nothing in.
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
        input jobs: Job [8, shed, quota 0 per 1s by key];
        jobs -> work;
    }
}

fn main() {}
