//! A `shared` is seen by several threads.
use forebay::prelude::*;
use std::cell::Cell;

pub struct Index(Cell<u64>);

#[stage]
fn find(text: String, index: &Index) -> String {
    index.0.set(1);
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
