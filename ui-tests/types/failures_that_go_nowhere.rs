//! A stage can fail, and its failures go nowhere.
use forebay::prelude::*;

#[stage]
fn parse(text: String) -> Result<u64, std::num::ParseIntError> {
    text.parse()
}

pipeline! {
    P {
        input texts: String [8];
        output numbers: u64 [8];
        texts -> parse -> numbers;
    }
}

fn main() {}
