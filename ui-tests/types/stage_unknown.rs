//! No stage has this name.
use forebay::prelude::*;

#[stage]
fn shout(text: String) -> String {
    text.to_uppercase()
}

pipeline! {
    P {
        input texts: String [8];
        output loud: String [8];
        texts -> shuot -> loud;
    }
}

fn main() {
    let _ = shout;
}
