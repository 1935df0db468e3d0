//! The methods of a stage give one type.
use forebay::prelude::*;

struct Count(u64);

#[stage]
impl Count {
    fn process(&mut self, n: u64) -> Option<u64> {
        Some(n)
    }
    fn finish(&mut self) -> String {
        self.0.to_string()
    }
}

fn main() {}
