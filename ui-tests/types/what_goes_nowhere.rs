//! What a stage gives is not wired on.
use forebay::prelude::*;

#[stage]
fn shout(text: String) -> String {
    text.to_uppercase()
}

pipeline! {
    P {
        input texts: String [8];
        texts -> shout;
    }
}

fn main() {}
