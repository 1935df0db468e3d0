//! Sources.

use super::*;

#[stage(runtime = none)]
fn endless() -> impl futures_core::Stream<Item = u64> {
    Endless(0)
}
struct Endless(u64);
impl futures_core::Stream for Endless {
    type Item = u64;
    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u64>> {
        self.0 += 1;
        std::task::Poll::Ready(Some(self.0))
    }
}
#[stage]
fn many(n: u64) -> impl Iterator<Item = u64> {
    std::iter::repeat(n)
}
pipeline! {
    Flood {
        output out: u64 [2, drop_oldest];
        endless -> same -> out;
    }
}
pipeline! {
    FloodOfOne {
        input  numbers: u64 [2];
        output out: u64 [2, drop_oldest];
        numbers -> many -> out;
    }
}

#[test]
fn a_source_that_never_waits_lets_others_run() {
    everywhere(async |on| {
        let FloodHandle { mut out, control } = start!(on, Flood::builder());
        let (first, second) = (out.recv().await.unwrap(), out.recv().await.unwrap());
        assert!(first < second);
        let ledger = control.drain().await;
        drop(out);
        drop(ledger);
        control.ledger().check().unwrap();
    });
}

#[test]
fn a_call_that_never_ends_lets_others_run_and_can_be_aborted() {
    everywhere(async |on| {
        let FloodOfOneHandle {
            numbers,
            mut out,
            control,
        } = start!(on, FloodOfOne::builder());
        numbers.send(1).await.unwrap();
        assert_eq!((out.recv().await, out.recv().await), (Some(1), Some(1)));
        control.abort().await;
        drop(out);
        let ledger = control.ledger();
        ledger.check().unwrap();
        assert_eq!(ledger.many.cut, 1);
    });
}

#[test]
fn readers_are_attached_before_sources_run() {
    on(On::Two, async |on| {
        for _ in 0..50 {
            let FewHandle { out, control } = start!(on, Few::builder());
            assert_eq!(out.collect::<Vec<_>>().await, [1, 2, 3]);
            control.finished().await.check().unwrap();
        }
    });
}
#[stage(runtime = none)]
fn few() -> impl futures_core::Stream<Item = u64> {
    Few3(0)
}
struct Few3(u64);
impl futures_core::Stream for Few3 {
    type Item = u64;
    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u64>> {
        self.0 += 1;
        std::task::Poll::Ready((self.0 <= 3).then_some(self.0))
    }
}
pipeline! {
    Few {
        output out: u64 [4];
        few -> out;
    }
}
