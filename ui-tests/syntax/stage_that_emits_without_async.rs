//! `emit` waits.
use forebay::prelude::*;

#[stage]
fn letters(text: String, out: &mut Emit<char>) {
    let _ = (text, out);
}

fn main() {}
