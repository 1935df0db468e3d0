//! A source has no record, and so no newest value.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn log(n: u64) {
    println!("{n}");
}

#[stage]
fn upto(limit: &u64) -> impl futures_core::Stream<Item = u64> {
    futures_util::stream::iter(0..*limit)
}

pipeline! {
    P {
        input limits: u64 [8];
        topic limit: u64 [latest = 1];
        limits -> limit;
        upto(limit) -> log;
    }
}

fn main() {
    let _ = P::builder().start();
}
