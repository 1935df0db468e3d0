//! An `impl` stage takes records.
use forebay::prelude::*;

struct Count(u64);

#[stage]
impl Count {
    fn finish(&mut self) -> u64 {
        self.0
    }
}

fn main() {}
