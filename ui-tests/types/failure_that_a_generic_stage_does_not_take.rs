//! A generic stage takes every failure, but not this one.
use forebay::prelude::*;
use std::fmt::Display;

#[derive(Clone, Copy)]
pub struct Bad;

#[stage]
fn check(_n: u64) -> Result<u64, Bad> {
    Err(Bad)
}
#[stage]
fn note<R: Send + 'static, E: Display + Send + 'static>(failed: Failed<R, E>) {
    if let Cause::Error(error) = failed.cause {
        println!("{error}");
    }
}

pipeline! {
    P {
        input numbers: u64 [8];
        output checked: u64 [8];
        numbers -> check -> checked;
        errors -[8]-> note;
    }
}

fn main() {}
