//! Versions count from 1.
use forebay::prelude::*;

#[record(version = 0)]
pub struct Reading {
    pub value: u64,
}

fn main() {}
