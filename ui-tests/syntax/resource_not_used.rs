//! A resource that no stage uses.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        shared index: u32;
        numbers -> same -> done;
    }
}

fn main() {
    P::builder().index(7).start().unwrap();
}
