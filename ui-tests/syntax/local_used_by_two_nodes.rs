//! A `local` belongs to one node.
use forebay::prelude::*;

#[stage]
fn first(n: u64, model: &mut u32) -> u64 {
    n + u64::from(*model)
}
#[stage]
fn second(n: u64, model: &mut u32) -> u64 {
    n + u64::from(*model)
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        local model: u32;
        numbers -> first(model) -> second(model) -> done;
    }
}

fn main() {}
