//! Several threads look at the newest value.
use std::cell::Cell;

use forebay::prelude::*;

#[stage]
fn set(n: u64) -> Cell<u64> {
    Cell::new(n)
}
#[stage]
fn left(_limit: Cell<u64>) {}

pipeline! {
    P {
        input seeds: u64 [8];
        topic limit: Cell<u64> [latest = Cell::new(1)];
        seeds -> set -> limit;
        limit -> left;
    }
}

fn main() {
    let _ = P::builder().start();
}
