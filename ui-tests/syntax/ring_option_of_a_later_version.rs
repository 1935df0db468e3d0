//! Kinds and options of rings of later versions.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn log(n: u64) {
    println!("{n}");
}

pipeline! {
    P {
        input numbers: u64 [8];
        input folded: u64 [8, coalesce by key];
        numbers -> same -[nats "orders", 4096]-> log;
        folded -> drop;
    }
}

fn main() {}
