//! Nothing to try again.
use forebay::prelude::*;

#[stage]
async fn ask(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> ask { retry: 3 } -> done;
        errors -> drop;
    }
}

fn main() {}
