//! A resource of the wrong type, lent to a stage with several records in flight.
use forebay::prelude::*;

#[stage]
async fn ask(n: u64, index: &String) -> u64 {
    n + index.len() as u64
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        shared index: Vec<u64>;
        numbers -> ask(index) { concurrency: 16 } -> done;
    }
}

fn main() {}
