//! A call in progress.

use core::pin::Pin;
use core::task::{Context, Poll};

/// What a call of a stage gives over time: records, then the end, or one failure.
pub trait Work {
    /// The record it gives.
    type Out;
    /// How it fails.
    type Err;

    /// The next step. After `Done` or `Err` it is not polled again.
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Done<Self::Out>, Self::Err>>;
}

/// One step of a [`Work`].
#[derive(Debug, PartialEq, Eq)]
pub enum Done<T> {
    /// A record; more may come.
    More(T),
    /// The last record: the call has ended with it.
    Last(T),
    /// The end, without a record.
    End,
}
