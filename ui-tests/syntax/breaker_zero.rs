//! A breaker that is never closed.
use forebay::prelude::*;

#[stage]
async fn ask(n: u64) -> Result<u64, String> {
    Ok(n)
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> ask { breaker: 0 in 30s } -> done;
        errors -> drop;
    }
}

fn main() {}
