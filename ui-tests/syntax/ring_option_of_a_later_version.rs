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
        topic all: u64 [broadcast 1024];
        topic newest: u64 [latest = 7];
        topic slot: u64 [mailbox];
        numbers -> all;
        offered -> newest;
        folded -> slot;
        all -> log;
        newest -> same -[nats "orders", 4096]-> log;
        slot -> drop;
    }
}

fn main() {}
