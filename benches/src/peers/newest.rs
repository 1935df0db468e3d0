//! One value that is overwritten, and readers that skip to the newest.

use std::future::ready;

use tokio::sync::watch;

use super::Named;

/// Who has one value, of 8 bytes.
pub(crate) trait Newest: Named {
    type Tx: Send + 'static;
    type Rx: Send + 'static;

    /// Its ends, and what is to be done when they are gone. The first value is 0.
    fn open() -> (Self::Tx, Self::Rx, impl Future<Output = ()>);
    /// Puts a value in the place of the one that is there.
    fn set(tx: &mut Self::Tx, value: u64) -> impl Future<Output = ()> + Send;
    /// Waits for a value that this reader has not seen; `None` at the end.
    fn changed(rx: &mut Self::Rx) -> impl Future<Output = Option<u64>> + Send;
    /// The value that is there.
    fn current(rx: &mut Self::Rx) -> u64;
}

/// tokio's watch channel.
pub(crate) struct Tokio;

impl Named for Tokio {
    const NAME: &'static str = "tokio watch";
}

impl Newest for Tokio {
    type Tx = watch::Sender<u64>;
    type Rx = watch::Receiver<u64>;

    fn open() -> (Self::Tx, Self::Rx, impl Future<Output = ()>) {
        let (tx, rx) = watch::channel(0);
        (tx, rx, ready(()))
    }
    async fn set(tx: &mut Self::Tx, value: u64) {
        tx.send_replace(value);
    }
    async fn changed(rx: &mut Self::Rx) -> Option<u64> {
        rx.changed().await.ok()?;
        Some(*rx.borrow_and_update())
    }
    fn current(rx: &mut Self::Rx) -> u64 {
        *rx.borrow()
    }
}
