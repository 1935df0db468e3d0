//! The shed wire of an input, and what it would shed itself.
use forebay::prelude::*;

#[stage]
fn work(_n: u64) {}
#[stage]
fn note(_shed: Shed<u64>) {}
#[stage]
fn note_again(_shed: Shed<Shed<u64>>) {}

pipeline! {
    P {
        input numbers: u64 [8, shed];
        numbers -> work;
        numbers.shed -[8, shed]-> note;
        note.shed -[8]-> note_again;
    }
}

fn main() {}
