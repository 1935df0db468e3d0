//! Failures have no priority of their own.
use forebay::prelude::*;

#[record]
pub struct Job {
    #[priority]
    pub urgent: bool,
}

#[stage]
fn work(_job: Job) -> Result<(), String> {
    Ok(())
}
#[stage]
fn note(_failed: Failed<Job, String>) {}

pipeline! {
    P {
        input jobs: Job [8, priority];
        jobs -> work;
        work.errors -[8, priority]-> note;
    }
}

fn main() {}
