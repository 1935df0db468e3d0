//! A ring that would drop the only record of a key.
use forebay::prelude::*;

#[record]
pub struct Job {
    #[key]
    pub user: u64,
    #[priority]
    pub urgent: bool,
}

#[stage]
fn work(_job: Job) {}

pipeline! {
    P {
        input jobs: Job [8, coalesce by key, drop_oldest];
        jobs -> work;
    }
}

fn main() {}
