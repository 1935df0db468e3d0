//! The same where the ring stands on an edge.
use forebay::prelude::*;

pub struct Job(pub u64);

#[stage]
fn work(job: Job) -> Job {
    job
}
#[stage]
fn left(_job: Job) {}
#[stage]
fn right(_job: Job) {}

pipeline! {
    P {
        input jobs: Job [8];
        jobs -> work -[broadcast 8]-> { left, right };
    }
}

fn main() {
    let _ = P::builder().start();
}
