//! A `tick` that no node calls would be dead code.
use forebay::prelude::*;

#[derive(Default)]
pub struct Count(u64);

#[stage]
impl Count {
    fn process(&mut self, n: u64) {
        self.0 += n;
    }
    fn tick(&mut self) {
        println!("{}", self.0);
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
