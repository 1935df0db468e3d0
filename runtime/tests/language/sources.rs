//! Where records begin: a stream, a clock; and a stage that emits.

use forebay::prelude::*;

use crate::Bad;

#[stage]
fn counting(upto: &u64) -> impl futures_core::Stream<Item = u64> + use<> {
    let upto = *upto;
    Counting(0, upto)
}

struct Counting(u64, u64);

impl futures_core::Stream for Counting {
    type Item = u64;
    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u64>> {
        if self.0 == self.1 {
            return std::task::Poll::Ready(None);
        }
        self.0 += 1;
        std::task::Poll::Ready(Some(self.0))
    }
}
#[stage]
async fn tokens(n: u64, out: &mut Emit<u64>) -> Result<(), Bad> {
    for k in 0..n {
        out.emit(k).await;
    }
    Ok(())
}

#[derive(Default)]
struct Sum(u64);

#[stage]
impl Sum {
    fn process(&mut self, n: u64) {
        self.0 += n;
    }
    fn tick(&mut self) -> Option<u64> {
        None
    }
    fn finish(&mut self) -> Option<u64> {
        Some(self.0)
    }
}

pipeline! {
    Sources {
        output sum: u64 [1];
        shared upto: u64;
        node sum_up: Sum { tick: 10ms } = Sum::default();
        counting(upto) -> tokens -[4]-> sum_up -> sum;
        errors -> drop;
    }
}

#[tokio::test]
async fn a_source_and_an_emitter() {
    let SourcesHandle { mut sum, control } = Sources::builder().upto(10).start().unwrap();
    assert_eq!(sum.recv().await, Some((1..=10).map(|n| (0..n).sum::<u64>()).sum()));
    control.finished().await.check().unwrap();
}
#[stage]
fn at(tick: Tick) -> u64 {
    tick.count
}

pipeline! {
    Clock {
        output ticks: u64 [4];
        every 5ms -> at -> ticks;
    }
}

#[tokio::test]
async fn a_clock() {
    let ClockHandle { mut ticks, control } = Clock::builder().start().unwrap();
    assert_eq!(ticks.recv().await, Some(0));
    assert_eq!(ticks.recv().await, Some(1));
    let ledger = control.drain().await;
    println!("{ledger}");
    ledger.check().unwrap();
}
