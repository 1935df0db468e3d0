//! What callers are refused, put into a ring for known producers.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn log(n: u64) {
    println!("{n}");
}

pipeline! {
    P {
        input numbers: u64 [8, shed];
        topic refused: Shed<u64> [broadcast 8];
        numbers -> log;
        numbers.shed -> refused;
        refused -> drop;
    }
}

fn main() {
    let _ = P::builder().start();
}
