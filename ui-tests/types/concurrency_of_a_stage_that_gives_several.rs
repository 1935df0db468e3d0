//! The records of several calls would be mixed.
use forebay::prelude::*;

#[stage]
async fn tokens(n: u64, out: &mut Emit<u64>) {
    out.emit(n).await;
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        numbers -> tokens { concurrency: 16 } -> done;
    }
}

fn main() {}
