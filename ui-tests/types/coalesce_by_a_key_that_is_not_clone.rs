//! A key of which the ring cannot keep a copy.
use forebay::prelude::*;

#[derive(PartialEq, Eq, Hash)]
pub struct Account(u64);

#[record]
pub struct Job {
    #[key]
    pub account: Account,
}

#[stage]
fn work(_job: Job) {}

pipeline! {
    P {
        input jobs: Job [8, coalesce by key];
        jobs -> work;
    }
}

fn main() {}
