//! A stage takes a record.
use forebay::prelude::*;

#[stage]
fn now() -> u64 {
    7
}

fn main() {}
