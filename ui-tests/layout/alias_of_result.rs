//! An alias of `Result` looks like a record.
use forebay::prelude::*;

type Outcome<T> = Result<T, String>;

#[stage]
fn parse(text: String) -> Outcome<u64> {
    text.parse().map_err(|_| text)
}

fn main() {}
