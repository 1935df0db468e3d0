//! A join: a stage with several inlets.

use forebay::prelude::*;

#[derive(Default)]
struct Matcher {
    orders: Vec<u64>,
    prices: Vec<u64>,
    ended: Vec<&'static str>,
}

struct Price(u64);

#[stage]
impl Matcher {
    #[inlet]
    fn order(&mut self, o: u64) -> Option<(u64, u64)> {
        self.orders.push(o);
        self.pair()
    }
    #[inlet]
    fn price(&mut self, p: Price) -> Option<(u64, u64)> {
        self.prices.push(p.0);
        self.pair()
    }
    fn closed(&mut self, inlet: Inlet) -> Option<(u64, u64)> {
        self.ended.push(inlet.name());
        (self.ended.len() == 2).then_some((999, 999))
    }
    fn pair(&mut self) -> Option<(u64, u64)> {
        (!self.orders.is_empty() && !self.prices.is_empty()).then(|| (self.orders.remove(0), self.prices.remove(0)))
    }
}

pipeline! {
    Join {
        input  orders: u64 [8];
        input  prices: Price [8];
        output trades: (u64, u64) [8];
        node   matcher: Matcher = Matcher::default();
        orders -> matcher.order;
        prices -> matcher.price;
        matcher -> trades;
    }
}

#[tokio::test]
async fn a_join() {
    let JoinHandle {
        orders,
        prices,
        trades,
        control,
    } = Join::builder().start().unwrap();
    for n in 0..5 {
        orders.send(n).await.unwrap();
        prices.send(Price(n * 10)).await.unwrap();
    }
    drop((orders, prices));
    let trades: Vec<(u64, u64)> = trades.collect().await;
    assert_eq!(trades, [(0, 0), (1, 10), (2, 20), (3, 30), (4, 40), (999, 999)]);
    let ledger = control.finished().await;
    println!("{ledger}");
    ledger.check().unwrap();
    assert_eq!(ledger.matcher.order.taken, 5);
}
