//! Three mistakes are three errors.
use forebay::prelude::*;

pub struct Index;
#[stage]
fn parse(text: String) -> Result<u64, String> {
    text.parse().map_err(|_| text)
}
#[stage]
fn find(text: String, index: &u32) -> String {
    format!("{text} {index}")
}

pipeline! {
    P {
        input texts: String [8];
        output done: String [8];
        shared index: Index;
        texts -> parse -> find(index) -> done;
    }
}

fn main() {}
