//! A join takes records by its inlets.
use forebay::prelude::*;

#[derive(Default)]
pub struct Matcher(u64);

#[stage]
impl Matcher {
    #[inlet]
    fn order(&mut self, n: u64) {
        self.0 += n;
    }
    #[inlet]
    fn price(&mut self, n: u64) {
        self.0 -= n;
    }
}

pipeline! {
    P {
        input numbers: u64 [8];
        node matcher: Matcher = Matcher::default();
        numbers -> matcher;
    }
}

fn main() {}
