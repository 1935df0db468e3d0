//! A record of more bytes than it says.
use forebay::prelude::*;

#[record(max_size = 16)]
pub struct Reading {
    pub sensor: u64,
    pub values: [u64; 4],
}

fn main() {}
