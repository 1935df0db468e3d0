//! An option of `#[stage]` that is not known.
use forebay::prelude::*;

#[stage(workers = 4)]
fn same(n: u64) -> u64 {
    n
}

fn main() {}
