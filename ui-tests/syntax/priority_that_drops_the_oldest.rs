//! A ring that drops by age and serves by rank.
use forebay::prelude::*;

#[record]
pub struct Job {
    #[priority]
    pub urgent: bool,
}

#[stage]
fn work(_job: Job) {}

pipeline! {
    P {
        input jobs: Job [8, priority, drop_oldest];
        jobs -> work;
    }
}

fn main() {}
