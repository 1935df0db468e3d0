//! One branch of a group takes another record.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}
#[stage]
fn left(n: u64) {
    println!("{n}");
}
#[stage]
fn right(text: String) {
    println!("{text}");
}

pipeline! {
    P {
        input numbers: u64 [8];
        numbers -> same -> { left, -[8]-> right };
    }
}

fn main() {}
