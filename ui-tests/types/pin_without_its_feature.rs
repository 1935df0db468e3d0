//! `pin` where the feature is left out.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> same { pin: cores } -> done;
    }
}

fn main() {
    let _ = P::builder().start();
}
