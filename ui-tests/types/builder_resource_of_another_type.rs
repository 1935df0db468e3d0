//! The builder is given a value of another type.
use forebay::prelude::*;

pub struct Index;
pub struct Model;

#[stage]
fn find(text: String, _index: &Index, _model: &mut Model) -> String {
    text
}

pipeline! {
    P {
        input texts: String [8];
        output found: String [8];
        shared index: Index;
        local model: Model;
        texts -> find(index, model) -> found;
    }
}

fn main() {
    P::builder().index(Model).model(|_| Model).start().unwrap();
}
