//! A record owns what it holds.
use forebay::prelude::*;

#[stage]
fn length(text: &str) -> usize {
    text.len()
}

fn main() {}
