//! The kinds of [`Work`] that there are.

use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll, ready};

use futures_core::Stream;
use pin_project_lite::pin_project;

use super::{Done, Work};
use crate::stage::Given;

type Step<T, E> = Poll<Result<Done<T>, E>>;

/// See [`make::given`](super::make::given).
#[derive(Debug)]
pub struct Ready<T, E> {
    pub(super) given: Option<Given<T, E>>,
}

impl<T, E> Unpin for Ready<T, E> {}

impl<T, E> Work for Ready<T, E> {
    type Out = T;
    type Err = E;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Step<T, E> {
        let given = self.get_mut().given.take().expect("not polled after the end");
        Poll::Ready(given.map(Done::with))
    }
}

/// See [`make::items`](super::make::items).
#[derive(Debug)]
pub struct Items<I, E> {
    pub(super) items: I,
    pub(super) fails: PhantomData<fn() -> E>,
}

impl<I, E> Unpin for Items<I, E> {}

impl<I: Iterator, E> Work for Items<I, E> {
    type Out = I::Item;
    type Err = E;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Step<I::Item, E> {
        Poll::Ready(Ok(self.get_mut().items.next().map_or(Done::End, Done::More)))
    }
}

pin_project! {
    /// See [`make::stream`](super::make::stream).
    #[derive(Debug)]
    pub struct Streamed<S, E> {
        #[pin]
        pub(super) items: S,
        pub(super) fails: PhantomData<fn() -> E>,
    }
}

impl<S: Stream, E> Work for Streamed<S, E> {
    type Out = S::Item;
    type Err = E;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Step<S::Item, E> {
        let item = ready!(self.project().items.poll_next(cx));
        Poll::Ready(Ok(item.map_or(Done::End, Done::More)))
    }
}

pin_project! {
    /// See [`make::tried`](super::make::tried).
    #[project = TriedNow]
    #[derive(Debug)]
    pub enum Tried<W, E> {
        Works {
            #[pin]
            work: W,
        },
        Failed {
            error: Option<E>,
        },
    }
}

impl<W: Work> Work for Tried<W, W::Err> {
    type Out = W::Out;
    type Err = W::Err;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Step<W::Out, W::Err> {
        match self.project() {
            TriedNow::Works { work } => work.poll_next(cx),
            TriedNow::Failed { error } => Poll::Ready(Err(error.take().expect("not polled after a failure"))),
        }
    }

    fn left(self: Pin<&mut Self>) -> Option<W::Out> {
        match self.project() {
            TriedNow::Works { work } => work.left(),
            TriedNow::Failed { .. } => None,
        }
    }
}

pin_project! {
    /// See [`make::answer`](super::make::answer).
    #[derive(Debug)]
    pub struct Answer<F, C> {
        #[pin]
        pub(super) future: F,
        pub(super) given: C,
    }
}

impl<F, T, E, C> Work for Answer<F, C>
where
    F: Future,
    C: Fn(F::Output) -> Given<T, E>,
{
    type Out = T;
    type Err = E;

    #[inline]
    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Step<T, E> {
        let this = self.project();
        let output = ready!(this.future.poll(cx));
        Poll::Ready((this.given)(output).map(Done::with))
    }
}

pin_project! {
    /// See [`make::later`](super::make::later).
    #[project = LaterNow]
    #[derive(Debug)]
    pub enum Later<F, W, C> {
        Waits {
            #[pin]
            future: F,
            work: Option<C>,
        },
        Works {
            #[pin]
            work: W,
        },
    }
}

impl<F, W, C> Work for Later<F, W, C>
where
    F: Future,
    W: Work,
    C: FnOnce(F::Output) -> W,
{
    type Out = W::Out;
    type Err = W::Err;

    #[inline]
    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Step<W::Out, W::Err> {
        loop {
            match self.as_mut().project() {
                LaterNow::Waits { future, work } => {
                    let output = ready!(future.poll(cx));
                    let make = work.take().expect("made once");
                    self.set(Later::Works { work: make(output) });
                }
                LaterNow::Works { work } => return work.poll_next(cx),
            }
        }
    }

    fn left(self: Pin<&mut Self>) -> Option<W::Out> {
        match self.project() {
            LaterNow::Waits { .. } => None,
            LaterNow::Works { work } => work.left(),
        }
    }
}
