//! What an arm forwards is what its stage takes, and a generic stage takes anything.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}
#[stage]
fn log<T: std::fmt::Display + Send + 'static>(record: T) {
    println!("{record}");
}

pipeline! {
    P {
        input numbers: u64 [8];
        numbers -> same -> match {
            0 => drop,
            n => n -> log,
        };
    }
}

fn main() {}
