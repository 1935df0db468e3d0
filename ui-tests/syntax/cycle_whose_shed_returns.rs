//! An edge of a cycle sheds, and what it sheds comes back.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

#[stage]
fn plus(n: u64) -> u64 {
    n + 1
}

#[stage]
fn back(shed: Shed<u64>) -> u64 {
    shed.record
}

pipeline! {
    P {
        input numbers: u64 [8];
        numbers -> same -[8]-> plus -[8, shed]-> same;
        same.shed -[8]-> back -[8]-> plus;
    }
}

fn main() {}
