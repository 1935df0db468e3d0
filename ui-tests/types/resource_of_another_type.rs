//! A stage borrows a resource of another type.
use forebay::prelude::*;

pub struct Index;
pub struct Template;

#[stage]
fn find(text: String, _index: &Index) -> String {
    text
}

pipeline! {
    P {
        input texts: String [8];
        output found: String [8];
        shared template: Template;
        texts -> find(template) -> found;
    }
}

fn main() {
    P::builder().template(Template).start().unwrap();
}
