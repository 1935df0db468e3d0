//! A weight too few.
use forebay::prelude::*;

#[derive(Priority)]
pub enum Urgency {
    Now,
    Soon,
    Sometime,
}

#[record]
pub struct Job {
    #[priority]
    pub urgency: Urgency,
}

#[stage]
fn work(_job: Job) {}

pipeline! {
    P {
        input jobs: Job [8, priority weighted 4:1];
        jobs -> work;
    }
}

fn main() {}
