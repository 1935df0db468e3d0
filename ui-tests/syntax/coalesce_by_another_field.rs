//! Records of one key that would have several workers.
use forebay::prelude::*;

#[record]
pub struct Job {
    #[key]
    pub user: u64,
    pub tenant: u64,
}

#[stage]
fn work(_job: Job) {}

pipeline! {
    P {
        input jobs: Job [8, coalesce by key, by tenant];
        jobs -> work { workers: 2 };
    }
}

fn main() {}
