//! `start` with a resource missing.
use forebay::prelude::*;

pub struct Index;
pub struct Template;

#[stage]
fn find(text: String, _index: &Index, _template: &Template) -> String {
    text
}

pipeline! {
    P {
        input texts: String [8];
        output found: String [8];
        shared index: Index;
        shared template: Template;
        texts -> find(index, template) -> found;
    }
}

fn main() {
    let PHandle { texts, found, control } = P::builder().index(Index).start().unwrap();
    drop((texts, found, control));
}
