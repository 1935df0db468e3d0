//! A stage wants `&mut` of a `shared`.
use forebay::prelude::*;

pub struct Model;

#[stage]
fn infer(text: String, _model: &mut Model) -> String {
    text
}

pipeline! {
    P {
        input texts: String [8];
        output found: String [8];
        shared model: Model;
        texts -> infer(model) -> found;
    }
}

fn main() {}
