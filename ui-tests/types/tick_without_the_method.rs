//! `tick` wants the method.
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
        node count: Count { tick: 1s } = Count::default();
        numbers -> count;
    }
}

fn main() {}
