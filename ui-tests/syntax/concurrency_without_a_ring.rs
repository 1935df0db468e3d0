//! What is fused into another stage's task is called by that.
use forebay::prelude::*;

#[stage]
fn pass(n: u64) -> u64 {
    n
}
#[stage]
async fn ask(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> pass -> ask { concurrency: 16 } -> done;
    }
}

fn main() {}
