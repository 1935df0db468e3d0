//! A clock does not tick all the time.
use forebay::prelude::*;

#[stage]
fn at(tick: Tick) -> u64 {
    tick.count
}

pipeline! {
    P {
        output ticks: u64 [8];
        every 0s -> at -> ticks;
    }
}

fn main() {}
