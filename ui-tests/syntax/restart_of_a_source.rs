//! A source whose stream has failed has ended.
use forebay::prelude::*;

#[stage]
fn clock() -> impl futures_core::Stream<Item = u64> {
    Never
}

struct Never;

impl futures_core::Stream for Never {
    type Item = u64;
    fn poll_next(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u64>> {
        std::task::Poll::Ready(None)
    }
}

pipeline! {
    P {
        output done: u64 [8];
        clock { restart: 3 in 10s else drain } -> done;
    }
}

fn main() {}
