//! A wire of what is shed, that would wait.
use forebay::prelude::*;

#[stage]
fn work(_n: u64) {}
#[stage]
fn note(_shed: Shed<u64>) {}

pipeline! {
    P {
        input numbers: u64 [8, offer 3 every 10ms];
        numbers -> work;
        numbers.shed -[8, offer 3 every 10ms]-> note;
    }
}

fn main() {}
