//! A record has one key.
use forebay::prelude::*;

#[record]
pub struct Reading {
    #[key]
    pub sensor: u64,
    #[key]
    pub value: u64,
}

fn main() {}
