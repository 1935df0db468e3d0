//! A stage of `Batch<T>` without the option.
use forebay::prelude::*;

#[stage]
async fn embed(texts: Batch<String>) -> Vec<usize> {
    texts.into_iter().map(|text| text.len()).collect()
}

pipeline! {
    P {
        input texts: String [8];
        output lengths: usize [8];
        texts -> embed -> lengths;
    }
}

fn main() {}
