//! What a ring does when it is full, of one that never is.
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
        input numbers: u64 [mailbox, by key];
        topic all: u64 [broadcast 8, shed];
        topic newest: u64 [latest, drop_oldest];
        numbers -> { all, newest };
        all -> same -> log;
        newest -> drop;
    }
}

fn main() {
    let _ = P::builder().start();
}
