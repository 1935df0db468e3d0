//! What reviews and generated pipelines (`sim-tests/`) have found, each by itself and named after what went wrong.
#![allow(missing_docs, unreachable_pub)]

mod branches;
mod ends;
#[path = "../kit/mod.rs"]
mod kit;
mod last_words;
mod panics;
mod turns;
mod wakers;

use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}
pipeline! {
    /// A node between the smallest ports there are.
    pub Plain {
        input  numbers: u64 [2];
        output all: u64 [2];
        numbers -> same -> all;
    }
}
