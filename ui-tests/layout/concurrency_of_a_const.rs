//! One record in flight, said by a const.
use forebay::prelude::*;

const MANY: usize = 1;

#[stage]
async fn ask(n: u64) -> u64 {
    n
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> ask { concurrency: MANY } -> done;
    }
}

fn main() {}
