//! A `Result` goes around all of it.
use forebay::prelude::*;

#[stage]
fn parsed(text: String) -> Option<Result<u64, String>> {
    Some(text.parse().map_err(|_| text))
}

fn main() {}
