//! One receiver, for good.

use crate::tools::{Count, block_on};
use forebay::ring::{Closed, PushError, Reader};
use std::collections::VecDeque;
use std::pin::pin;
use std::task::{Context, Poll};

use forebay::ring::mpmc::{Mpmc, ends};
use forebay::ring::mpsc::split;

#[test]
fn a_ring_has_one_receiver_or_any_number() {
    let ring = Mpmc::<u32, 4>::boxed();
    let sole = split(ring.clone());
    assert!(sole.is_some() && split(ring).is_none());
    let ring = Mpmc::<u32, 4>::boxed();
    let many = ends(ring.clone());
    assert!(split(ring).is_none());
    drop(many);
}

#[test]
#[should_panic(expected = "one receiver alone")]
fn no_second_receiver_comes_by_another_way() {
    let ring = Mpmc::<u32, 4>::boxed();
    let _sole = split(ring.clone());
    ends(ring);
}

#[test]
fn nobody_else_takes_the_oldest_out() {
    let (sender, mut sole) = split(Mpmc::<u32, 2>::boxed()).unwrap();
    assert_eq!((sender.try_push(1), sender.try_push(2)), (Ok(()), Ok(())));
    let full = sender.push_evict(
        3,
        || unreachable!("it is not accepted"),
        |_| unreachable!("nothing makes room"),
    );
    assert_eq!(full, Err(PushError::Full(3)));
    assert_eq!((sole.pop(), sole.pop(), sole.pop()), (Some(1), Some(2), None));
}

#[test]
fn runs_go_in_as_far_as_there_is_room() {
    let (sender, mut receiver) = split(Mpmc::<u32, 4>::boxed_before_wrap(2)).unwrap();
    let mut records = VecDeque::from_iter(0..6);
    assert_eq!(sender.try_push_all(&mut VecDeque::new()), Ok(0));
    assert_eq!((sender.try_push_all(&mut records), records.len()), (Ok(4), 2));
    assert_eq!(sender.try_push_all(&mut records), Err(PushError::Full(())));
    assert_eq!(Vec::from_iter(std::iter::from_fn(|| receiver.pop())), [0, 1, 2, 3]);
    receiver.release();
    assert_eq!((sender.try_push_all(&mut records), records.len()), (Ok(2), 0));
    drop(receiver);
    assert_eq!(sender.try_push_all(&mut VecDeque::from([6])), Err(PushError::Closed(())));
}

#[test]
fn a_run_waits_for_room_and_keeps_what_it_did_not_send() {
    let (sender, mut receiver) = split(Mpmc::<u32, 2>::boxed()).unwrap();
    let (count, waker) = Count::new();
    let mut cx = Context::from_waker(&waker);
    let mut records = VecDeque::from_iter(0..7);
    {
        let mut all = pin!(sender.send_all(&mut records));
        for sent in [2, 4] {
            assert_eq!(all.as_mut().poll(&mut cx), Poll::Pending);
            assert_eq!(
                (receiver.pop(), receiver.pop(), receiver.pop()),
                (Some(sent - 2), Some(sent - 1), None)
            );
            receiver.release();
        }
        assert_eq!(count.get(), 2);
        assert_eq!(all.as_mut().poll(&mut cx), Poll::Pending);
    }
    assert_eq!(records, [6], "a run of two fitted at the last poll");
    assert_eq!((receiver.pop(), receiver.pop()), (Some(4), Some(5)));
    receiver.release();
    assert_eq!(block_on(sender.send_all(&mut records)), Ok(()));
    assert_eq!(receiver.pop(), Some(6));
    sender.close_all();
    let mut late = VecDeque::from([7]);
    assert_eq!((block_on(sender.send_all(&mut late)), late.len()), (Err(Closed), 1));
}

#[test]
fn slots_are_kept_for_a_run() {
    let (sender, mut receiver) = split(Mpmc::<u32, 4>::boxed()).unwrap();
    let mut slots = block_on(sender.reserve_many(3)).unwrap();
    assert_eq!((slots.len(), sender.try_push(9)), (3, Ok(())));
    assert_eq!(sender.try_push(10), Err(PushError::Full(10)));
    assert_eq!(slots.take().map(|slot| slot.send(0)), Some(Ok(())));
    let mut records = VecDeque::from([1]);
    slots.send_all(&mut records).unwrap();
    // One was not used, and is given back.
    assert_eq!(
        (records.len(), sender.try_push(2), sender.try_push(3)),
        (0, Ok(()), Err(PushError::Full(3)))
    );
    let all = std::iter::from_fn(|| receiver.pop());
    assert_eq!(Vec::from_iter(all), [9, 0, 1, 2]);
    receiver.release();
    assert_eq!(block_on(sender.reserve_many(0)).unwrap().len(), 1);
    sender.close_all();
    assert!(block_on(sender.reserve_many(2)).is_err() && Reader::is_ended(&receiver));
}
