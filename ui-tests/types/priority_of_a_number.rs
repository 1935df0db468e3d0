//! A `#[priority]` that does not say how many levels it has.
use forebay::prelude::*;

#[record]
pub struct Job {
    #[priority]
    pub urgency: u8,
}

#[stage]
fn work(_job: Job) {}

pipeline! {
    P {
        input jobs: Job [8, priority];
        jobs -> work;
    }
}

fn main() {}
