//! An alias of `Option` looks like a record.
use forebay::prelude::*;

type Perhaps = Option<u64>;

#[stage]
fn parse(text: String) -> Perhaps {
    text.parse().ok()
}

fn main() {}
