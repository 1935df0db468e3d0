//! A node of a type without `#[stage]`.
use forebay::prelude::*;

#[derive(Default)]
pub struct Count(u64);

impl Count {
    pub fn process(&mut self, n: u64) {
        self.0 += n;
    }
}

pipeline! {
    P {
        input numbers: u64 [8];
        node count: Count = Count::default();
        numbers -> count;
    }
}

fn main() {}
