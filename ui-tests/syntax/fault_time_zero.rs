//! No call is as quick as that.
use forebay::prelude::*;

#[stage]
async fn ask(n: u64) -> Result<u64, String> {
    Ok(n)
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> ask { timeout: 0ms } -> done;
        errors -> drop;
    }
}

fn main() {}
