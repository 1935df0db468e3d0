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
        input a: u64 [8];
        input b: u64 [8];
        node matcher: Matcher = Matcher::default();
        a -> matcher.order;
        b -> matcher;
    }
}

fn main() {}
