//! A stage takes one record.
use forebay::prelude::*;

#[stage]
fn add(a: u64, b: u64) -> u64 {
    a + b
}

fn main() {}
