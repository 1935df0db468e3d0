//! A wire of a lag, which keeps what it has no room for.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}
#[stage]
fn show(_n: u64) {}
#[stage]
fn note(_lagged: Lagged) {}

pipeline! {
    P {
        input numbers: u64 [8];
        numbers -> same -[broadcast 8]-> show;
        show.lagged -[8, shed]-> note;
    }
}

fn main() {}
