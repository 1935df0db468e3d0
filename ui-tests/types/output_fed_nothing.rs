//! A stage that returns `()` feeds an output.
use forebay::prelude::*;

#[stage]
fn print(_text: String) {}

pipeline! {
    P {
        input texts: String [8];
        output printed: String [8];
        texts -> print -> printed;
    }
}

fn main() {}
