//! A sync stage holds its thread: nothing can end its call.
use forebay::prelude::*;

#[stage]
fn ask(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> ask { timeout: 500ms } -> done;
        errors -> drop;
    }
}

fn main() {}
