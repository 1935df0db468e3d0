//! Several senders: who waits is called, and who goes away passes its call on.

use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::collections::VecDeque;

use loom::future::block_on;
use loom::thread::spawn;

use super::super::{Reader, Writer, mpmc, mpsc};
use super::{drain, holds, push};

/// What waiting senders rest on.
const WAITING: [&str; 2] = ["fence mpmc/mod.rs", "fence ring/waiters.rs"];

#[test]
fn two_senders_wait_for_one_slot() {
    holds(1, 100, &WAITING, || {
        let (a, mut r) = mpmc::ends(mpmc::Mpmc::<Box<usize>, 1>::boxed());
        a.try_push(Box::new(0)).unwrap();
        let b = a.clone();
        let one = spawn(move || block_on(a.send(Box::new(1))).unwrap());
        let two = spawn(move || block_on(b.send(Box::new(2))).unwrap());
        let reader = spawn(move || block_on(drain(&mut r)));
        let mut all = reader.join().unwrap();
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2].map(Box::new));
        one.join().unwrap();
        two.join().unwrap();
    });
}

/// A sender enlists, and goes away, at whatever moment: the slot that may have been promised to it is the other's.
#[test]
fn a_cancelled_push_passes_its_slot_on() {
    holds(1, 20, &WAITING, || {
        let (a, mut r) = mpmc::ends(mpmc::Mpmc::<usize, 1>::boxed());
        a.try_push(0).unwrap();
        let b = a.clone();
        let cancelled = spawn(move || {
            let mut push = pin!(a.send(1));
            match push.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(done) => usize::from(done.is_ok()),
                Poll::Pending => 0,
            }
        });
        let kept = spawn(move || block_on(b.send(2)).unwrap());
        let reader = spawn(move || block_on(drain(&mut r)));
        let all = reader.join().unwrap();
        kept.join().unwrap();
        assert_eq!(all.len(), 2 + cancelled.join().unwrap());
    });
}

/// What waiting for a run rests on besides: who was called sees what it was called with.
const RUN: [&str; 5] = [
    "fence mpmc/mod.rs",
    "fence ring/waiters.rs",
    "store ring/waiters.rs",
    "load ring/waiters.rs",
    "store mpmc/runs.rs",
];

/// Slots are promised to a run all at once, by whoever sees that they are free.
#[test]
fn a_run_waits_for_two_slots() {
    holds(2, 100, &RUN, || {
        let (a, mut r) = mpsc::split(mpsc::Mpsc::<Box<usize>, 2>::boxed()).unwrap();
        a.try_push(Box::new(0)).unwrap();
        a.try_push(Box::new(1)).unwrap();
        let run = spawn(move || {
            let mut records = VecDeque::from([2, 3]);
            while !records.is_empty() {
                let slots = block_on(a.reserve_many(records.len())).unwrap();
                slots.send_run(&mut records, Box::new, |_| {}).unwrap();
            }
        });
        let reader = spawn(move || block_on(drain(&mut r)));
        assert_eq!(reader.join().unwrap(), [0, 1, 2, 3].map(Box::new));
        run.join().unwrap();
    });
}

/// A run that goes away passes on all the slots that may have been promised to it.
#[test]
fn a_cancelled_run_passes_its_slots_on() {
    holds(1, 20, &WAITING, || {
        let (a, mut r) = mpsc::split(mpsc::Mpsc::<usize, 1>::boxed()).unwrap();
        a.try_push(0).unwrap();
        let b = a.clone();
        let cancelled = spawn(move || {
            let mut records = [1].into();
            let mut run = pin!(a.reserve_many(2));
            match run.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(Ok(slots)) => usize::from(slots.send_run(&mut records, |i| i, |_| {}).is_ok()),
                _ => 0,
            }
        });
        let kept = spawn(move || block_on(b.send(2)).unwrap());
        let reader = spawn(move || block_on(drain(&mut r)));
        let all = reader.join().unwrap();
        kept.join().unwrap();
        assert_eq!(all.len(), 2 + cancelled.join().unwrap());
    });
}

#[test]
fn a_permit_that_is_given_back_goes_to_the_next() {
    holds(2, 20, &WAITING, || {
        let (a, mut r) = mpmc::ends(mpmc::Mpmc::<usize, 1>::boxed());
        let b = a.clone();
        let permit = spawn(move || drop(a.try_reserve()));
        let waiting = spawn(move || block_on(b.reserve()).unwrap().send(1).unwrap());
        permit.join().unwrap();
        waiting.join().unwrap();
        assert_eq!(block_on(drain(&mut r)), [1]);
    });
}

/// A segment waits for the news of room, a sender from outside for a slot of its own.
#[test]
fn a_segment_and_a_sender_wait_for_one_slot() {
    holds(1, 100, &WAITING, || {
        let (a, mut r) = mpmc::ends(mpmc::Mpmc::<usize, 1>::boxed());
        a.try_push(0).unwrap();
        let mut segment = a.clone();
        let one = spawn(move || block_on(a.send(1)).unwrap());
        let two = spawn(move || {
            assert!(block_on(push(&mut segment, 2)));
            segment.publish();
        });
        let reader = spawn(move || block_on(drain(&mut r)));
        let mut all = reader.join().unwrap();
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2]);
        one.join().unwrap();
        two.join().unwrap();
    });
}

/// Many at once, by one exchange, beside one that pushes alone.
#[test]
fn a_run_of_pushes_is_shown_whole() {
    holds(
        2,
        100,
        &["store mpmc/laps.rs", "load mpmc/laps.rs", "fence mpmc/mod.rs"],
        || {
            let (a, mut r) = mpmc::ends(mpmc::Mpmc::<Box<usize>, 4>::boxed_before_wrap(1));
            let b = a.clone();
            let run = spawn(move || {
                let mut records = [1, 2].into();
                assert!(matches!(a.try_push_run(&mut records, Box::new, |_| {}), Ok(2)));
            });
            let alone = spawn(move || assert!(b.try_push(Box::new(3)).is_ok()));
            let reader = spawn(move || block_on(drain(&mut r)));
            run.join().unwrap();
            alone.join().unwrap();
            let all: Vec<usize> = reader.join().unwrap().into_iter().map(|i| *i).collect();
            assert!(matches!(all[..], [1, 2, 3] | [3, 1, 2]));
        },
    );
}

/// The same for one receiver, who sees the run by one stamp and gives its slots back by one store.
#[test]
fn runs_of_two_senders_do_not_meet() {
    let twins = ["store mpmc/runs.rs", "load mpmc/runs.rs", "store mpmc/sole.rs"];
    holds(2, 100, &twins, || {
        let (a, mut r) = mpsc::split(mpsc::Mpsc::<Box<usize>, 2>::boxed_before_wrap(1)).unwrap();
        let b = a.clone();
        let run = spawn(move || {
            let mut records = [1, 2].into();
            let _ = a.try_push_run(&mut records, Box::new, |_| {});
            2 - records.len()
        });
        let alone = spawn(move || usize::from(b.try_push(Box::new(3)).is_ok()));
        let reader = spawn(move || {
            let mut all = Vec::new();
            block_on(async {
                while core::future::poll_fn(|cx| r.poll_ready(cx)).await != 0 {
                    r.pop_each(2, |i| {
                        all.push(*i);
                        true
                    });
                    r.release();
                }
            });
            all
        });
        let pushed = run.join().unwrap() + alone.join().unwrap();
        let all = reader.join().unwrap();
        assert_eq!(all.len(), pushed);
        assert!(all.iter().filter(|i| **i != 3).is_sorted());
    });
}

/// Who gets a slot that another saw empty has seen no more than the other's claim: a third has read a record there.
#[test]
fn a_slot_that_another_saw_empty_may_be_written() {
    holds(2, 100, &["exchange mpmc/claims.rs"], || {
        let (a, mut r) = mpmc::ends(mpmc::Mpmc::<Box<usize>, 2>::boxed());
        a.try_push(Box::new(0)).unwrap();
        a.try_push(Box::new(1)).unwrap();
        let (b, mut s) = (a.clone(), r.clone());
        let first = spawn(move || (Reader::pop(&mut r), r));
        let second = spawn(move || {
            let record = Reader::pop(&mut s);
            // The slot of the first record, if that is out; and it stays reserved.
            core::mem::forget(a.try_reserve());
            (record, s)
        });
        let sender = spawn(move || drop(b.try_push(Box::new(2))));
        first.join().unwrap();
        second.join().unwrap();
        sender.join().unwrap();
    });
}
