//! Sources.

use super::*;

#[stage(runtime = none)]
fn stream(upto: &u64) -> impl futures_core::Stream<Item = u64> + use<> {
    Counting(0, *upto)
}
struct Counting(u64, u64);
impl futures_core::Stream for Counting {
    type Item = u64;
    fn poll_next(mut self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u64>> {
        if self.0 == self.1 {
            panic!("tripped stream");
        }
        self.0 += 1;
        std::task::Poll::Ready(Some(self.0))
    }
}
pipeline! {
    Sourced {
        output out: u64 [4];
        shared log: Log;
        shared upto: u64;
        stream(upto) -> out;
        errors -[4]-> note(log);
    }
}

#[test]
fn a_source_that_panics_has_ended() {
    everywhere(async |on| {
        let log = Arc::new(Log::default());
        let SourcedHandle { out, control } = start!(on, Sourced::builder().log(log.clone()).upto(10));
        assert_eq!(out.collect::<Vec<_>>().await, (1..=10).collect::<Vec<_>>());
        let ledger = control.finished().await;
        ledger.check().unwrap();
        assert_eq!(log.take(), ["stream tripped stream"]);
        assert_eq!((ledger.stream.finished, ledger.stream.failed), (10, 1));
    });
}
