//! A stage with `process` has no inlets.
use forebay::prelude::*;

#[derive(Default)]
pub struct Count(u64);

#[stage]
impl Count {
    fn process(&mut self, n: u64) {
        self.0 += n;
    }
}

pipeline! {
    P {
        input numbers: u64 [8];
        node count: Count = Count::default();
        numbers -> count.one;
    }
}

fn main() {}
