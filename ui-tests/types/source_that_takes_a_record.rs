//! A wire begins with a stage that takes a record.
use forebay::prelude::*;

#[stage]
fn shout(text: String) -> String {
    text.to_uppercase()
}

pipeline! {
    P {
        output loud: String [8];
        shout -> loud;
    }
}

fn main() {}
