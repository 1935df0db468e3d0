//! Another try needs the record again.
use forebay::prelude::*;

#[stage]
async fn ask(only: Only) -> Result<Only, String> {
    Ok(only)
}

pub struct Only(u64);

pipeline! {
    P {
        input numbers: Only [8];
        output done: Only [8];
        numbers -> ask { retry: 3 } -> done;
        errors -> drop;
    }
}

fn main() {}
