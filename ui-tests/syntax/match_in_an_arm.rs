//! What an arm forwards is what its branch takes, and a `match` takes anything.
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
        numbers -> same -> match {
            0 => drop,
            n => n -> match {
                1 => drop,
                k => k -> log,
            },
        };
    }
}

fn main() {}
