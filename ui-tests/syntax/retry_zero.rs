//! No more tries is what there is without the option.
use forebay::prelude::*;

#[stage]
async fn ask(n: u64) -> Result<u64, String> {
    Ok(n)
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> ask { retry: 0 } -> done;
        errors -> drop;
    }
}

fn main() {}
