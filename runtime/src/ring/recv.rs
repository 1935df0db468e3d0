//! One record at a time, by an end that waits for it.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use super::Reader;

/// The future of [`Reader::recv`].
///
/// Dropping it takes nothing.
#[must_use = "a record is received when this is awaited"]
#[derive(Debug)]
pub struct Recv<'a, R: Reader<T>, T> {
    reader: &'a mut R,
    record: PhantomData<fn() -> T>,
}

impl<'a, R: Reader<T>, T> Recv<'a, R, T> {
    pub(super) fn new(reader: &'a mut R) -> Self {
        let record = PhantomData;
        Recv { reader, record }
    }
}

impl<R: Reader<T>, T> Future for Recv<'_, R, T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let reader = &mut *self.get_mut().reader;
        while ready!(reader.poll_ready(cx)) != 0 {
            // Otherwise another reader was quicker.
            if let Some(record) = reader.pop() {
                // Now: whoever waits for room need not be behind a whole batch.
                reader.release_now();
                return Poll::Ready(Some(record));
            }
        }
        Poll::Ready(None)
    }
}

impl<R: Reader<T>, T> Drop for Recv<'_, R, T> {
    fn drop(&mut self) {
        self.reader.unwait();
    }
}
