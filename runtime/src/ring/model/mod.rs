//! The rings under the model checker: every interleaving, and every value that a weak load may see.
//!
//! `RUSTFLAGS="--cfg forebay_loom" cargo test -p forebay --release --lib ring::model -- --show-output`
//!
//! All sides run as threads of the model. Each property has twins: with an ordering weakened or a fence left out the same model
//! must fail, or it would prove nothing. A floor on the number of runs guards against a model that explores nothing.

mod closing;
mod delivery;
mod explore;
mod receivers;
mod senders;

use core::future::poll_fn;

use explore::{HANDSHAKE, PUBLISH, holds};

use super::{Reader, Writer};

/// Pushes a record, waiting for room; `false` if the ring is closed.
async fn push<T, W: Writer<T>>(w: &mut W, record: T) -> bool {
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
async fn drain<T, R: Reader<T>>(r: &mut R) -> Vec<T> {
    let mut all = Vec::new();
    while poll_fn(|cx| r.poll_ready(cx)).await != 0 {
        while let Some(record) = r.pop() {
            all.push(record);
            r.release();
        }
    }
    all
}
