//! A resource is given once.
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
        shared index: Index;
        texts -> find(index) -> found;
    }
}

fn main() {
    P::builder().index(Index).index(Index).start().unwrap();
}
