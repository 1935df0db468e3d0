//! A wired failure keeps a clone of the record.
use forebay::prelude::*;

pub struct Job(pub u64);

#[stage]
fn work(job: Job) -> Result<u64, String> {
    Ok(job.0)
}
#[stage]
fn dead(failed: Failed<Job, String>) {
    drop(failed);
}

pipeline! {
    P {
        input jobs: Job [8];
        output done: u64 [8];
        jobs -> work -> done;
        work.errors -[8]-> dead;
    }
}

fn main() {}
