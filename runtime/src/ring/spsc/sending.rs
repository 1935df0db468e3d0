//! A record that waits for room.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use super::super::PushError;
use super::Producer;

/// The future of [`Producer::send`].
///
/// Dropped while it waits, the record is dropped with it and was never accepted.
#[must_use = "a record is sent when this is awaited"]
#[derive(Debug)]
pub struct Sending<'a, T: 'static, const N: usize> {
    producer: &'a mut Producer<T, N>,
    record: Option<T>,
}

impl<'a, T: 'static, const N: usize> Sending<'a, T, N> {
    pub(super) fn new(producer: &'a mut Producer<T, N>, record: T) -> Self {
        let record = Some(record);
        Sending { producer, record }
    }
}

// The record is not pinned: it is moved into the ring.
impl<T: 'static, const N: usize> Unpin for Sending<'_, T, N> {}

impl<T: 'static, const N: usize> Future for Sending<'_, T, N> {
    type Output = Result<(), PushError<T>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Sending { producer, record } = self.get_mut();
        let room = ready!(producer.poll_room(cx));
        let record = record.take().expect("polled again after it was done");
        if room.is_err() {
            return Poll::Ready(Err(PushError::Closed(record)));
        }
        let pushed = producer.push(record);
        producer.publish();
        Poll::Ready(pushed)
    }
}

impl<T: 'static, const N: usize> Drop for Sending<'_, T, N> {
    fn drop(&mut self) {
        self.producer.unwait();
    }
}
