//! The future of an async stage travels between threads.
use forebay::prelude::*;
use std::rc::Rc;

async fn pause() {}

#[stage]
async fn count(text: String) -> usize {
    let text = Rc::new(text);
    pause().await;
    text.len()
}

pipeline! {
    P {
        input texts: String [8];
        output lengths: usize [8];
        texts -> count -> lengths;
    }
}

fn main() {}
