//! A call that gives records through an [`Emit`](crate::stage::Emit) while it runs.

use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use super::{Done, Work};
use crate::stage::Given;
use crate::stage::emit::Taker;

pin_project! {
    /// See [`make::emitting`](super::make::emitting).
    #[derive(Debug)]
    pub struct Emitting<'c, T, E, F, C> {
        #[pin]
        pub(super) future: F,
        pub(super) end: Option<C>,
        pub(super) taker: &'c mut Taker<T>,
        pub(super) last: Option<Given<T, E>>,
    }
}

impl<T, E, F, C> Work for Emitting<'_, T, E, F, C>
where
    F: Future,
    C: FnOnce(F::Output) -> Given<T, E>,
{
    type Out = T;
    type Err = E;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Done<T>, E>> {
        let this = self.project();
        if let Some(last) = this.last.take() {
            return Poll::Ready(last.map(Done::with));
        }
        let ended = this
            .future
            .poll(cx)
            .map(|output| (this.end.take().expect("not polled after the end"))(output));
        match (ended, this.taker.take(cx)) {
            (Poll::Pending, None) => Poll::Pending,
            (Poll::Pending, Some(record)) => Poll::Ready(Ok(Done::More(record))),
            (Poll::Ready(Ok(None)), record) => Poll::Ready(Ok(Done::with(record))),
            (Poll::Ready(last), None) => Poll::Ready(last.map(Done::with)),
            (Poll::Ready(last), Some(record)) => {
                *this.last = Some(last);
                Poll::Ready(Ok(Done::More(record)))
            }
        }
    }

    fn left(self: Pin<&mut Self>) -> Option<T> {
        self.project().taker.left()
    }
}
