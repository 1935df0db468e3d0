//! One record at a time, by an end that waits: what [`Writer::send`] and [`Reader::recv`] give.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use super::{PushError, Reader, Writer};

/// The future of [`Writer::send`].
///
/// Dropped while it waits, the record is dropped with it and was never accepted.
#[must_use = "a record is sent when this is awaited"]
#[derive(Debug)]
pub struct SendOne<'a, W: Writer<T>, T> {
    writer: &'a mut W,
    record: Option<T>,
}

impl<'a, W: Writer<T>, T> SendOne<'a, W, T> {
    pub(super) fn new(writer: &'a mut W, record: T) -> Self {
        let record = Some(record);
        SendOne { writer, record }
    }
}

// The record is not pinned: it is moved into the ring.
impl<W: Writer<T>, T> Unpin for SendOne<'_, W, T> {}

impl<W: Writer<T>, T> Future for SendOne<'_, W, T> {
    type Output = Result<(), PushError<T>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let SendOne { writer, record } = self.get_mut();
        loop {
            let room = ready!(writer.poll_room(cx));
            let one = record.take().expect("polled again after it was done");
            if room.is_err() {
                return Poll::Ready(Err(PushError::Closed(one)));
            }
            match writer.try_push(one) {
                // Another writer was quicker.
                Err(PushError::Full(one)) => *record = Some(one),
                done => return Poll::Ready(done),
            }
        }
    }
}

impl<W: Writer<T>, T> Drop for SendOne<'_, W, T> {
    fn drop(&mut self) {
        self.writer.unwait();
    }
}

/// The future of [`Reader::recv`].
///
/// Dropping it takes nothing.
#[must_use = "a record is received when this is awaited"]
#[derive(Debug)]
pub struct RecvOne<'a, R: Reader<T>, T> {
    reader: &'a mut R,
    record: PhantomData<fn() -> T>,
}

impl<'a, R: Reader<T>, T> RecvOne<'a, R, T> {
    pub(super) fn new(reader: &'a mut R) -> Self {
        let record = PhantomData;
        RecvOne { reader, record }
    }
}

impl<R: Reader<T>, T> Future for RecvOne<'_, R, T> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        let reader = &mut *self.get_mut().reader;
        while ready!(reader.poll_ready(cx)) != 0 {
            // Otherwise another reader was quicker.
            if let Some(record) = reader.pop() {
                reader.release();
                return Poll::Ready(Some(record));
            }
        }
        Poll::Ready(None)
    }
}

impl<R: Reader<T>, T> Drop for RecvOne<'_, R, T> {
    fn drop(&mut self) {
        self.reader.unwait();
    }
}
