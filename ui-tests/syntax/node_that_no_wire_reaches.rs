//! A node that no wire leads to.
use forebay::prelude::*;

#[stage]
fn same(n: u64) -> u64 {
    n
}

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
        output done: u64 [8];
        node count: Count = Count::default();
        numbers -> same -> done;
    }
}

fn main() {}
