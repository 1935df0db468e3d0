//! A join waits for all of its inlets.
use forebay::prelude::*;

#[derive(Default)]
pub struct Matcher;

#[stage]
impl Matcher {
    #[inlet]
    fn order(&mut self, order: u64) -> Option<u64> {
        Some(order)
    }
    #[inlet]
    fn price(&mut self, price: f64) -> Option<u64> {
        Some(price as u64)
    }
}

pipeline! {
    P {
        input orders: u64 [8];
        output trades: u64 [8];
        node matcher: Matcher = Matcher;
        orders -> matcher.order;
        matcher -> trades;
    }
}

fn main() {}
