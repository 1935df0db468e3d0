//! A call in progress.

use core::pin::Pin;
use core::task::{Context, Poll};

#[cfg(feature = "alloc")]
mod emitting;
mod kinds;
#[doc(hidden)]
pub mod make;

/// What a call of a stage gives over time: records, then the end, or one failure.
pub trait Work {
    /// The record it gives.
    type Out;
    /// How it fails.
    type Err;

    /// The next step. After `Done::Last`, `Done::End` or `Err` it is not polled again.
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Done<Self::Out>, Self::Err>>;

    /// After a panic: the record that the call had given before, and that was not taken yet.
    fn left(self: Pin<&mut Self>) -> Option<Self::Out> {
        None
    }
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

impl<T> Done<T> {
    /// The end of a call that gave at most one record.
    #[inline]
    pub fn with(record: Option<T>) -> Self {
        match record {
            Some(record) => Done::Last(record),
            None => Done::End,
        }
    }
}
