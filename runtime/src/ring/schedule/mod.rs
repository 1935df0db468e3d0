//! The rings under a scheduler: many records, many ends, many schedules of them.
//!
//! `RUSTFLAGS="--cfg forebay_shuttle" cargo test -p forebay --release --lib schedule:: -- --show-output`
//!
//! Here memory is the same for all threads; what a weak order may show is the model checker's business, in `model`. But a model
//! is small, and these are not. Each has twins with a planted fault, which must fail.

mod cancelling;
mod closing;
mod crowds;
mod explore;
mod overwriting;
mod relay;
mod streams;

use core::pin::pin;
use core::task::Poll;

use super::sync::awake;
pub(crate) use super::trial::{drain, push};
pub(crate) use explore::holds;

/// Runs a future on this thread, which sleeps while it waits.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    shuttle::future::block_on(core::future::poll_fn(|cx| -> Poll<F::Output> {
        awake();
        future.as_mut().poll(cx)
    }))
}
