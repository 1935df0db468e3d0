//! A sync stage needs no runtime anyway.
use forebay::prelude::*;

#[stage(runtime = none)]
fn same(n: u64) -> u64 {
    n
}

fn main() {}
