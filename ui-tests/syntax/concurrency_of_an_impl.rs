//! A stage with a state works on one record at a time.
use forebay::prelude::*;

pub struct Sum(u64);
#[stage]
impl Sum {
    async fn process(&mut self, n: u64) -> u64 {
        self.0 += n;
        self.0
    }
}

pipeline! {
    P {
        input numbers: u64 [8];
        output done: u64 [8];
        node sum: Sum { concurrency: 16 } = Sum(0);
        numbers -> sum -> done;
    }
}

fn main() {}
