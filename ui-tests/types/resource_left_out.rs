//! A stage borrows a resource that is not named.
use forebay::prelude::*;

pub struct Index;

#[stage]
fn find(text: String, _index: &Index) -> String {
    text
}

pipeline! {
    P {
        input texts: String [8];
        output found: String [8];
        texts -> find -> found;
    }
}

fn main() {}
