//! A ring that tries again, and one that does not.
use forebay::prelude::*;

#[stage]
fn work(_n: u64) {}

pipeline! {
    P {
        input numbers: u64 [8, shed, offer 3 every 10ms];
        numbers -> work;
    }
}

fn main() {}
