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
        input numbers: u64 [8, priority];
        input offered: u64 [8, offer 3 every 10ms];
        input folded: u64 [8, coalesce by key];
        numbers -> same -[nats "orders", 4096]-> log;
        offered -> drop;
        folded -> drop;
    }
}

fn main() {}
