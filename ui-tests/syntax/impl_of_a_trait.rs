//! `#[stage]` goes on an `impl` of the type itself.
use forebay::prelude::*;

struct Count(u64);

#[stage]
impl Iterator for Count {
    type Item = u64;
    fn next(&mut self) -> Option<u64> {
        Some(self.0)
    }
}

fn main() {}
