//! A sync stage holds its thread.
use forebay::prelude::*;

#[stage]
fn ask(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> ask { concurrency: 16 } -> done;
    }
}

fn main() {}
