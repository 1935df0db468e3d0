//! A `local` moves between threads with its task.
use forebay::prelude::*;

pub struct Model(std::rc::Rc<u64>);

#[stage]
fn infer(n: u64, model: &mut Model) -> u64 {
    n + *model.0
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        local model: Model;
        numbers -> infer(model) -> done;
    }
}

fn main() {}
