//! Records coalesce by their key.
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
        input jobs: Job [8, coalesce by user];
        jobs -> work;
    }
}

fn main() {}
