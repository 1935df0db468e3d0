//! What the tests under both checkers do with the two ends of any ring.

use core::future::poll_fn;

use super::{Reader, Writer};

/// Pushes a record, waiting for room; `false` if the ring is closed.
pub(crate) async fn push<T, W: Writer<T>>(w: &mut W, record: T) -> bool {
    let mut record = Some(record);
    loop {
        if poll_fn(|cx| w.poll_room(cx)).await.is_err() {
            return false;
        }
        match w.push(record.take().expect("it came back")) {
            Ok(()) => return true,
            Err(refused) => record = Some(refused.into_inner()),
        }
    }
}

/// All that comes out, up to the end.
pub(crate) async fn drain<T, R: Reader<T>>(r: &mut R) -> Vec<T> {
    let mut all = Vec::new();
    while poll_fn(|cx| r.poll_ready(cx)).await != 0 {
        while let Some(record) = r.pop() {
            all.push(record);
            r.release();
        }
    }
    all
}
