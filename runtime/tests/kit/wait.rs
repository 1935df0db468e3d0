//! Waiting for what a test is about, never for the clock.

use std::future::poll_fn;
use std::task::Poll;
use std::time::Duration;

/// Nothing here takes that long: that something hangs is a failure, and not a test that never ends.
pub const LONG: Duration = Duration::from_secs(20);

pub async fn soon<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(LONG, work).await.expect("it does not hang")
}

/// Waits until it has come to that.
pub async fn until(mut done: impl FnMut() -> bool) {
    while !done() {
        tokio::time::sleep(Duration::from_micros(200)).await;
    }
}

/// Lets others run so many times, on any runtime.
pub async fn yields(times: u64) {
    for _ in 0..times {
        let mut done = false;
        poll_fn(|cx| {
            if std::mem::replace(&mut done, true) {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }
}
