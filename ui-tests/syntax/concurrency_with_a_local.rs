//! What one call borrows as `&mut`, another cannot borrow.
use forebay::prelude::*;

#[stage]
async fn ask(n: u64, model: &mut String) -> u64 {
    n + model.len() as u64
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        local model: String;
        numbers -> ask(model) { concurrency: 16 } -> done;
    }
}

fn main() {}
