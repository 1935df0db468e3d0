//! A stage is given a resource that it does not borrow.
use forebay::prelude::*;

pub struct Index;

#[stage]
fn find(text: String) -> String {
    text
}

pipeline! {
    P {
        input texts: String [8];
        output found: String [8];
        shared index: Index;
        texts -> find(index) -> found;
    }
}

fn main() {}
