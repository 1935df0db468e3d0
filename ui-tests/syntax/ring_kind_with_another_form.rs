//! A kind of ring with what it does not have, or without what it has.
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
        input numbers: u64 [mailbox = 1];
        topic all: u64 [broadcast];
        topic newest: u64 [latest 4];
        numbers -> { all, newest };
        all -> log;
        newest -> same -[broadcast 8 = 1]-> log;
    }
}

fn main() {
    let _ = P::builder().start();
}
