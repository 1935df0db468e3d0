//! An option of `#[record]` that is not known.
use forebay::prelude::*;

#[record(nam = "a.b")]
pub struct Reading {
    pub value: u64,
}

fn main() {}
