//! Two edges bring different records to a node.
use forebay::prelude::*;

#[stage]
fn left(n: u64) -> u64 {
    n
}
#[stage]
fn right(n: u64) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
#[stage]
fn log(n: u64) {
    println!("{n}");
}

pipeline! {
    P {
        input a: u64 [8];
        input b: u64 [8];
        a -> left -[8]-> log;
        b -> right -[8]-> log;
    }
}

fn main() {}
