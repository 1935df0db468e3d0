//! `#[record]` goes on a type.
use forebay::prelude::*;

#[record]
fn reading() {}

fn main() {}
