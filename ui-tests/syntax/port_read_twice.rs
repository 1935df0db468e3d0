//! A port has one reader.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn plus(n: u64) -> u64 {
    n + 1
}

pipeline! {
    P {
        input a: u64 [8];
        output one: u64 [8];
        output two: u64 [8];
        a -> same -> one;
        a -> plus -> two;
    }
}

fn main() {}
