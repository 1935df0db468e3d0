//! Either `process` or inlets.
use forebay::prelude::*;

struct Count(u64);

#[stage]
impl Count {
    fn process(&mut self, n: u64) {
        self.0 += n;
    }
    #[inlet]
    fn other(&mut self, n: u64) {
        self.0 -= n;
    }
}

fn main() {}
