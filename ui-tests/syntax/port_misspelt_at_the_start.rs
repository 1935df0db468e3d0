//! A wire begins with a port that is not there, but one like it.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input requests: u64 [8];
        output answers: u64 [8];
        request -> same -> answers;
    }
}

fn main() {}
