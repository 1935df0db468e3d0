//! The first stage takes another record than the port holds.
use forebay::prelude::*;

#[stage]
fn length(text: String) -> usize {
    text.len()
}

pipeline! {
    P {
        input numbers: u64 [8];
        output lengths: usize [8];
        numbers -> length -> lengths;
    }
}

fn main() {}
