//! `batch` on a stage that takes one record at a time.
use forebay::prelude::*;

#[stage]
async fn write(_text: String) {}

pipeline! {
    P {
        input texts: String [8];
        texts -> write { batch: 4 };
    }
}

fn main() {}
