//! `Emit`: records over time, with backpressure.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use forebay::prelude::*;
use forebay::stage::{Done, EmitCell, Stage, Work};

use crate::drive::{Course, block_on, failed, feed, gave, pause};

#[stage]
async fn count(n: u32, log: &mut Vec<u32>, out: &mut Emit<u32>) -> Result<(), String> {
    for i in 0..n {
        out.emit(i).await;
        log.push(i);
    }
    if n > 2 { Err("many".to_owned()) } else { Ok(()) }
}

#[stage]
async fn slow(n: u32, out: &mut Emit<u32>) {
    pause().await;
    out.emit(n).await;
    pause().await;
}

#[stage]
async fn falls(n: u32, out: &mut Emit<u32>) {
    out.emit(n).await;
    panic!("after it has given");
}

#[test]
fn gives_in_order_then_ends() {
    let mut log = Vec::new();
    assert_eq!(feed(count {}, 2, (&mut log,)), gave([0, 1]));
    assert_eq!(feed(count {}, 0, (&mut log,)), gave([]));
    assert_eq!(
        feed(slow {}, 7, ()),
        Course {
            given: vec![7],
            failed: None,
            pending: 1
        }
    );
}

#[test]
fn what_was_given_comes_out_before_the_failure() {
    assert_eq!(feed(count {}, 3, (&mut Vec::new(),)), failed([0, 1, 2], "many".to_owned()));
}

#[test]
fn runs_one_record_ahead_and_no_further() {
    let (mut log, mut scratch) = (Vec::new(), EmitCell::default());
    let work = <count as Stage<u32, _>>::start(9, (&mut log,), &mut scratch);
    {
        let mut work = pin!(work);
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(work.as_mut().poll_next(&mut cx), Poll::Ready(Ok(Done::More(0))));
        assert_eq!(work.as_mut().poll_next(&mut cx), Poll::Ready(Ok(Done::More(1))));
    }
    assert_eq!(log, [0, 1], "the stage waits with its third");
}

#[test]
fn a_panic_leaves_what_was_given_and_nothing_for_the_next_call() {
    let mut scratch = EmitCell::default();
    {
        let mut work = pin!(<falls as Stage<u32, ()>>::start(7, (), &mut scratch));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(catch_unwind(AssertUnwindSafe(|| work.as_mut().poll_next(&mut cx))).is_err());
        assert_eq!(work.as_mut().left(), Some(7));
        assert_eq!(work.as_mut().left(), None);
    }
    {
        let mut work = pin!(<falls as Stage<u32, ()>>::start(8, (), &mut scratch));
        let mut cx = Context::from_waker(Waker::noop());
        assert!(catch_unwind(AssertUnwindSafe(|| work.as_mut().poll_next(&mut cx))).is_err());
    }
    let work = <slow as Stage<u32, ()>>::start(9, (), &mut scratch);
    assert_eq!(crate::drive::run(work).given, [9]);
}

#[test]
fn an_emit_that_is_dropped_gives_nothing() {
    #[stage]
    async fn impatient(n: u32, out: &mut Emit<u32>) {
        out.emit(n).await;
        drop(out.emit(n + 1));
        out.emit(n + 2).await;
    }
    assert_eq!(feed(impatient {}, 1, ()), gave([1, 3]));
}

struct Counter(AtomicUsize);

impl Wake for Counter {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

/// A future inside the stage that is polled only when its own waker was woken, as in a `FuturesUnordered`.
#[test]
fn a_part_with_its_own_waker_is_told_when_there_is_room() {
    #[stage]
    async fn by_parts(counter: Arc<Counter>, out: &mut Emit<u32>) {
        let inner = Waker::from(counter.clone());
        out.emit(1).await;
        let mut second = pin!(out.emit(2));
        let mut woken = 0;
        let mut first = true;
        std::future::poll_fn(|_| {
            let now = counter.0.load(Ordering::Relaxed);
            if !first && now == woken {
                return Poll::Pending;
            }
            (first, woken) = (false, now);
            second.as_mut().poll(&mut Context::from_waker(&inner))
        })
        .await;
    }
    let counter = Arc::new(Counter(AtomicUsize::new(0)));
    assert_eq!(feed(by_parts {}, counter.clone(), ()), gave([1, 2]));
    assert_eq!(
        counter.0.load(Ordering::Relaxed),
        1,
        "the pipeline's own waker is never woken for nothing"
    );
}

#[test]
fn a_test_collects_what_a_stage_emits() {
    let mut log = Vec::new();
    let call = async {
        let (given, returned) = Emit::collect(async |out| count(3, &mut log, out).await).await;
        assert_eq!(given, [0, 1, 2]);
        assert_eq!(returned, Err("many".to_owned()));
        let (given, ()) = Emit::collect(async |out| slow(3, out).await).await;
        assert_eq!(given, [3]);
    };
    block_on(call);
}
