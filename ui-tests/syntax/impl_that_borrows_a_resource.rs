//! An `impl` stage keeps what it needs in `self`.
use forebay::prelude::*;

struct Count(u64);

#[stage]
impl Count {
    fn process(&mut self, n: u64, index: &u64) {
        self.0 += n + index;
    }
}

fn main() {}
