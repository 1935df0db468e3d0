//! Rings of later versions.
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
        numbers -> same -[nats "orders", 4096]-> log;
    }
}

fn main() {}
