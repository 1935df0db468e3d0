//! Polls works and futures without a runtime.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use forebay::stage::{Done, Given, Stage, Takes, Types, Work};
use futures_core::Stream;

/// What a call gave, in order, and how it ended.
#[derive(Debug, PartialEq)]
pub(crate) struct Course<T, E> {
    pub(crate) given: Vec<T>,
    pub(crate) failed: Option<E>,
    /// How often it had nothing yet.
    pub(crate) pending: usize,
}

/// The course of a call that never had to wait.
pub(crate) fn gave<T, E>(given: impl Into<Vec<T>>) -> Course<T, E> {
    Course {
        given: given.into(),
        failed: None,
        pending: 0,
    }
}

/// The course of a call that failed after it gave some.
pub(crate) fn failed<T, E>(given: impl Into<Vec<T>>, error: E) -> Course<T, E> {
    Course {
        given: given.into(),
        failed: Some(error),
        pending: 0,
    }
}

/// Polls a work to its end.
pub(crate) fn run<W: Work + Send>(work: W) -> Course<W::Out, W::Err> {
    let mut work = pin!(work);
    let mut course = Course {
        given: Vec::new(),
        failed: None,
        pending: 0,
    };
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        match work.as_mut().poll_next(&mut cx) {
            Poll::Pending => course.pending += 1,
            Poll::Ready(Ok(Done::More(record))) => course.given.push(record),
            Poll::Ready(Ok(Done::Last(record))) => {
                course.given.push(record);
                return course;
            }
            Poll::Ready(Ok(Done::End)) => return course,
            Poll::Ready(Err(error)) => {
                course.failed = Some(error);
                return course;
            }
        }
        assert!(course.pending < 100, "it never ends");
    }
}

/// Polls a future to its end.
pub(crate) fn block_on<F: Future + Send>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    for _ in 0..100 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
    }
    panic!("it never ends");
}

/// Feeds one record to a stage, as an edge does; a direct stage is called both ways.
pub(crate) fn feed<S, F, R, const AT: u64>(
    _: S,
    record: F,
    resources: R,
) -> Course<<S as Types<F, AT>>::Out, <S as Types<F, AT>>::Err>
where
    S: Takes<F, AT> + Stage<F, R, AT>,
{
    let mut scratch = <S as Types<F, AT>>::Scratch::default();
    run(S::start(S::take(record), resources, &mut scratch))
}

/// Feeds one record to a direct stage.
pub(crate) fn now<S, F, R>(_: S, record: F, resources: R) -> Given<<S as Types<F>>::Out, <S as Types<F>>::Err>
where
    S: Takes<F> + Stage<F, R>,
{
    const { assert!(<<S as Types<F>>::Path as forebay::edge::Path>::DIRECT, "this stage is direct") }
    S::now(S::take(record), resources, &mut Default::default())
}

/// Pends once, then is ready.
pub(crate) async fn pause() {
    let mut paused = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut paused, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A stream of numbers from one, which pends before each.
pub(crate) struct Numbers {
    pub(crate) next: u32,
    pub(crate) end: u32,
    pub(crate) ready: bool,
}

impl Numbers {
    pub(crate) fn to(end: u32) -> Self {
        Numbers {
            next: 1,
            end,
            ready: false,
        }
    }
}

impl Stream for Numbers {
    type Item = u32;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<u32>> {
        self.ready = !self.ready;
        if self.next > self.end {
            return Poll::Ready(None);
        }
        if self.ready {
            return Poll::Pending;
        }
        self.next += 1;
        Poll::Ready(Some(self.next - 1))
    }
}
