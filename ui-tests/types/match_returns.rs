//! A stray `return` in an arm.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input tickets: u64 [8];
        output urgent: u64 [8];
        tickets -> same -> match {
            0 => { return 1 } -> urgent,
            n => n -> urgent,
        };
    }
}

fn main() {}
