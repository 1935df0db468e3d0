//! A stage borrows a `local` once.
use forebay::prelude::*;

#[stage]
fn both(n: u64, a: &mut u32, b: &mut u32) -> u64 {
    n + u64::from(*a + *b)
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        local model: u32;
        numbers -> both(model, model) -> done;
    }
}

fn main() {}
