//! In a pipeline with parameters, what does not depend on them is checked as elsewhere.
use forebay::prelude::*;

pub struct Question(pub u64);

#[stage]
fn ask<M: Clone + Send + Sync + 'static>(n: u64, _model: &M) -> u64 {
    n
}
#[stage]
fn print(question: Question) -> u64 {
    question.0
}

pipeline! {
    P<M: Clone + Send + Sync + 'static> {
        input numbers: u64 [8];
        output done: u64 [8];
        shared model: M;
        numbers -> ask(model) -> print -> done;
    }
}

fn main() {}
