//! All failures, into a ring that would have one reader.
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
fn note<R: Send + 'static, E: Send + 'static>(failed: Failed<R, E>) {
    println!("{}", failed.node);
}

pipeline! {
    P {
        input numbers: u64 [8];
        numbers -> same -> log;
        errors -[broadcast 8]-> note;
    }
}

fn main() {
    let _ = P::builder().start();
}
