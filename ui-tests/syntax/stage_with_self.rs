//! A stage function has no `self`.
use forebay::prelude::*;

struct Count;

impl Count {
    #[stage]
    fn count(&self, n: u64) -> u64 {
        n
    }
}

fn main() {}
