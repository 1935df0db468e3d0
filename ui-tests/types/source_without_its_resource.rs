//! A stage of a source without its resource.
use forebay::prelude::*;

#[stage]
fn count(upto: &u64) -> impl futures_core::Stream<Item = u64> + use<> {
    Counting(*upto)
}
struct Counting(u64);
impl futures_core::Stream for Counting {
    type Item = u64;
    fn poll_next(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u64>> {
        std::task::Poll::Ready(None)
    }
}

pipeline! {
    P {
        output done: u64 [8];
        count -> done;
    }
}

fn main() {}
