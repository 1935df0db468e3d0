//! A newer record that would have another place.
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
        input jobs: Job [8, priority, coalesce by key];
        jobs -> work;
    }
}

fn main() {}
