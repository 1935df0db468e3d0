//! In a pipeline with parameters, an output is fed another record than it holds.
use forebay::prelude::*;

#[stage]
fn ask<M: Clone + Send + Sync + 'static>(n: u64, _model: &M) -> u64 {
    n
}
#[stage]
fn length(n: u64) -> usize {
    n.to_string().len()
}

pipeline! {
    P<M: Clone + Send + Sync + 'static, const QUEUE: usize = 16> {
        input numbers: u64 [8];
        output done: u64 [8];
        shared model: M;
        numbers -> ask(model) -[QUEUE]-> length -> done;
    }
}

fn main() {}
