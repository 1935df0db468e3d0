//! A record travels between threads.
use forebay::prelude::*;
use std::rc::Rc;

#[stage]
fn count(text: Rc<str>) -> usize {
    text.len()
}

pipeline! {
    P {
        input texts: Rc<str> [8];
        output lengths: usize [8];
        texts -> count -> lengths;
    }
}

fn main() {}
