//! A timeout is a failure, and it goes nowhere.
use forebay::prelude::*;

#[stage]
async fn ask(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> ask { timeout: 500ms } -> done;
        
    }
}

fn main() {}
