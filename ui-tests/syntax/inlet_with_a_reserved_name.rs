//! An inlet is not called like an outlet.
use forebay::prelude::*;

struct Count(u64);

#[stage]
impl Count {
    #[inlet]
    fn errors(&mut self, n: u64) {
        self.0 += n;
    }
    #[inlet]
    fn other(&mut self, n: u64) {
        self.0 -= n;
    }
}

fn main() {}
