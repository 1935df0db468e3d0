//! What makes room is lost: it was accepted, and nobody hears of it.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn refused(shed: Shed<u64>) {
    println!("{}", shed.record);
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8, drop_oldest];
        numbers -> same -> done;
        done.shed -[8]-> refused;
    }
}

fn main() {}
