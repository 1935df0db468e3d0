//! `blocking` is for what holds its thread.
use forebay::prelude::*;

#[stage]
async fn write(_text: String) {}

pipeline! {
    P {
        input texts: String [8];
        texts -> write { blocking };
    }
}

fn main() {}
