//! The stage behind `.errors` takes another failure.
use forebay::prelude::*;

#[stage]
fn parse(text: String) -> Result<u64, std::num::ParseIntError> {
    text.parse()
}
#[stage]
fn dead(failed: Failed<String, String>) {
    println!("{}", failed.node);
}

pipeline! {
    P {
        input texts: String [8];
        output done: u64 [8];
        texts -> parse -> done;
        parse.errors -[8]-> dead;
    }
}

fn main() {}
