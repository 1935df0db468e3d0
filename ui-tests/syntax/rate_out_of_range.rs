//! A rate that lets nothing through.
use forebay::prelude::*;

#[stage]
async fn ask(n: u64) -> Result<u64, String> {
    Ok(n)
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> ask { rate: 0 per 1s } -> done;
        errors -> drop;
    }
}

fn main() {}
