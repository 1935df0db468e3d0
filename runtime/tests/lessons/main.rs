//! How systems of this kind have failed, each failure as a test; `docs/lessons.md` is the list.
#![allow(missing_docs, unreachable_pub)]

mod actors;
mod buffers;
mod pipelines;
mod streams;
mod table;

use std::time::Duration;

/// Nothing here takes that long: that something hangs is a failure, and not a test that never ends.
pub async fn soon<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), work)
        .await
        .expect("it comes to its end")
}
