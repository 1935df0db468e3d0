//! A source can fail, and its failures go nowhere.
use forebay::prelude::*;

pub struct Counting;
impl futures_core::Stream for Counting {
    type Item = u64;
    fn poll_next(self: std::pin::Pin<&mut Self>, _: &mut std::task::Context<'_>) -> std::task::Poll<Option<u64>> {
        std::task::Poll::Ready(None)
    }
}

#[stage]
fn count() -> Result<impl futures_core::Stream<Item = u64>, String> {
    Ok(Counting)
}

pipeline! {
    P {
        output numbers: u64 [8];
        count -> numbers;
    }
}

fn main() {}
