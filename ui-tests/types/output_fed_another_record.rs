//! An output is fed another record than it holds.
use forebay::prelude::*;

#[stage]
fn length(text: String) -> usize {
    text.len()
}

pipeline! {
    P {
        input texts: String [8];
        output lengths: u64 [8];
        texts -> length -> lengths;
    }
}

fn main() {}
