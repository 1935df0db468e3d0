//! Every reader of a topic gets a clone of the record.
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
        topic all: Job [broadcast 8];
        jobs -> work -> all;
        all -> left;
        all -> right;
    }
}

fn main() {
    let _ = P::builder().start();
}
