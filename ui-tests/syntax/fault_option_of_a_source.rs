//! A source takes no record that could be tried again.
use forebay::prelude::*;

#[stage]
fn poll() -> impl futures_core::Stream<Item = u64> {
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
        poll { timeout: 1s } -> done;
        errors -> drop;
    }
}

fn main() {}
