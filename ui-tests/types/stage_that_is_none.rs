//! A function without `#[stage]`.
use forebay::prelude::*;

fn shout(text: String) -> String {
    text.to_uppercase()
}

pipeline! {
    P {
        input texts: String [8];
        output loud: String [8];
        texts -> shout -> loud;
    }
}

fn main() {}
