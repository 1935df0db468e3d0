//! A record of the wrong type, fed to a stage with several records in flight.
use forebay::prelude::*;

#[stage]
async fn ask(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: String [8];
        output done: u64 [8];
        numbers -> ask { concurrency: 16 } -> done;
    }
}

fn main() {}
