//! A join has no inlet of this name.
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
    fn price(&mut self, price: u64) -> Option<u64> {
        Some(price)
    }
}

pipeline! {
    P {
        input orders: u64 [8];
        input prices: u64 [8];
        output trades: u64 [8];
        node matcher: Matcher = Matcher::default();
        orders -> matcher.order;
        prices -> matcher.prise;
        matcher -> trades;
    }
}

fn main() {}
