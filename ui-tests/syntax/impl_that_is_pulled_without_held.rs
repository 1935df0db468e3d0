//! A pulled stage says how many it holds.
use forebay::prelude::*;

struct Pool(Vec<u64>);

#[stage]
impl Pool {
    fn process(&mut self, n: u64) {
        self.0.push(n);
    }
    fn next(&mut self) -> Option<u64> {
        self.0.pop()
    }
}

fn main() {}
