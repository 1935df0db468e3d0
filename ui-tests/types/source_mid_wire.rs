//! A source stands past the first place of a wire.
use forebay::prelude::*;

pub struct Counting;
impl futures_core::Stream for Counting {
    type Item = u64;
    fn poll_next(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u64>> {
        std::task::Poll::Ready(None)
    }
}

#[stage]
fn count() -> impl futures_core::Stream<Item = u64> {
    Counting
}

pipeline! {
    P {
        input numbers: u64 [8];
        output more: u64 [8];
        numbers -> count -> more;
    }
}

fn main() {}
