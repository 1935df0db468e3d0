//! A stage is safe to call.
use forebay::prelude::*;

#[stage]
unsafe fn length(text: String) -> usize {
    text.len()
}

fn main() {}
