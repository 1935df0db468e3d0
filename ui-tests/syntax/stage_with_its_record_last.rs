//! The record comes first.
use forebay::prelude::*;

#[stage]
fn add(index: &u64, n: u64) -> u64 {
    index + n
}

fn main() {}
