//! What only the ring for many senders and receivers does.

use crate::tools::*;
use forebay::ring::mpmc::{Mpmc, ends};
use forebay::ring::{Closed, PushError, Reader, Writer};
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

fn poll<F: Future>(future: Pin<&mut F>, waker: &Waker) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(waker))
}

#[test]
fn a_static_ring_may_be_asked_for_ends_again() {
    static RING: Mpmc<u8, 4> = Mpmc::new();
    let (a, mut r) = ends(&RING);
    let (b, _) = ends(&RING);
    a.try_push(1).unwrap();
    b.try_push(2).unwrap();
    assert_eq!((r.pop(), r.pop()), (Some(1), Some(2)));
    drop((a, b));
    assert!(r.is_ended());
    let (c, _) = ends(&RING);
    assert_eq!(c.try_push(3), Err(PushError::Closed(3)), "a closed ring stays closed");
}

#[test]
fn the_last_end_of_a_side_closes() {
    let (a, mut r) = ends(Mpmc::<u8, 4>::boxed());
    let b = a.clone();
    drop(a);
    assert!(!r.is_ended());
    b.try_push(1).unwrap();
    drop(b);
    assert!(!r.is_ended());
    assert_eq!(r.pop(), Some(1));
    assert!(r.is_ended());

    let (w, r) = ends(Mpmc::<u8, 4>::boxed());
    let s = r.clone();
    drop(r);
    w.try_push(1).unwrap();
    drop(s);
    assert_eq!(w.try_push(2), Err(PushError::Closed(2)));
}

#[test]
fn one_reader_that_leaves_leaves_the_rest_to_the_others() {
    let (w, mut a) = ends(Mpmc::<u8, 4>::boxed());
    let mut b = a.clone();
    w.try_push(1).unwrap();
    a.close();
    assert_eq!(a.pop(), None);
    assert!(a.is_ended());
    assert_eq!(ready(&mut a, Waker::noop()), Poll::Ready(0));
    w.try_push(2).unwrap();
    assert_eq!((b.pop(), b.pop()), (Some(1), Some(2)));
}

#[test]
fn closing_for_all_lets_receivers_drain() {
    let (w, mut r) = ends(Mpmc::<u8, 4>::boxed());
    w.try_push(1).unwrap();
    let permit = w.try_reserve().unwrap();
    r.close_all();
    assert_eq!(permit.send(2), Err(PushError::Closed(2)));
    assert_eq!(w.try_push(3), Err(PushError::Closed(3)));
    assert_eq!(w.try_reserve().unwrap_err(), PushError::Closed(()));
    assert_eq!(block_on(w.send(4)), Err(PushError::Closed(4)));
    assert_eq!(block_on(w.reserve()).unwrap_err(), Closed);
    assert!(!r.is_ended());
    assert_eq!(r.pop(), Some(1));
    assert_eq!(ready(&mut r, Waker::noop()), Poll::Ready(0));
}

#[test]
fn accepted_runs_exactly_when_the_record_is_in() {
    let (w, mut r) = ends(Mpmc::<u8, 2>::boxed());
    let mut log = vec![];
    w.try_push_with(1, || log.push("one")).unwrap();
    w.try_push_with(2, || {
        assert_eq!(r.pop(), Some(1), "the second is claimed, and not to be seen")
    })
    .unwrap();
    w.try_push_with(3, || log.push("three")).unwrap();
    assert_eq!(w.try_push_with(4, || log.push("four")), Err(PushError::Full(4)));
    assert_eq!(log, ["one", "three"]);
    assert_eq!((r.pop(), r.pop()), (Some(2), Some(3)));
}

#[test]
fn a_panic_in_accepted_does_not_block_the_ring() {
    let (w, mut r) = ends(Mpmc::<u8, 4>::boxed());
    let (woken, waker) = Count::new();
    assert!(ready(&mut r, &waker).is_pending());
    assert!(catch_unwind(AssertUnwindSafe(|| w.try_push_with(1, || panic!("bang")))).is_err());
    assert_eq!(woken.get(), 1);
    w.try_push(2).unwrap();
    assert_eq!((r.pop(), r.pop()), (Some(1), Some(2)));
}

#[test]
fn pending_pushes_are_served_in_order() {
    let (w, mut r) = ends(Mpmc::<u8, 1>::boxed());
    w.try_push(0).unwrap();
    let (mut a, mut b) = (Box::pin(w.send(1)), Box::pin(w.send(2)));
    let ((wa, waker_a), (wb, waker_b)) = (Count::new(), Count::new());
    assert!(poll(a.as_mut(), &waker_a).is_pending());
    assert!(poll(b.as_mut(), &waker_b).is_pending());
    assert!(r.peer_asleep());
    assert_eq!(r.pop(), Some(0));
    r.release();
    assert_eq!((wa.get(), wb.get()), (1, 0));
    // The slot is kept for who was first.
    assert_eq!(w.try_push(9), Err(PushError::Full(9)));
    assert!(poll(b.as_mut(), &waker_b).is_pending());
    assert_eq!(poll(a.as_mut(), &waker_a), Poll::Ready(Ok(())));
    assert_eq!(r.pop(), Some(1));
    r.release();
    assert_eq!((wa.get(), wb.get()), (1, 1));
    assert_eq!(poll(b.as_mut(), &waker_b), Poll::Ready(Ok(())));
    assert_eq!(r.pop(), Some(2));
}

#[test]
fn a_cancelled_push_passes_its_slot_on() {
    let alive = Alive::default();
    let (w, mut r) = ends(Mpmc::<One, 1>::boxed());
    assert!(w.try_push(alive.one()).is_ok());
    let never = || panic!("it was never accepted");
    let (mut a, mut b, mut c) = (
        Box::pin(w.send_with(alive.one(), never)),
        Box::pin(w.send_with(alive.one(), never)),
        Box::pin(w.send(alive.one())),
    );
    let ((wa, waker_a), (wb, waker_b), (wc, waker_c)) = (Count::new(), Count::new(), Count::new());
    assert!(poll(a.as_mut(), &waker_a).is_pending());
    assert!(poll(b.as_mut(), &waker_b).is_pending());
    assert!(poll(c.as_mut(), &waker_c).is_pending());
    // One from the middle of the list, before it is called.
    drop(b);
    assert_eq!(alive.get(), 3);
    drop(r.pop());
    r.release();
    assert_eq!((wa.get(), wb.get(), wc.get()), (1, 0, 0));
    // One that has been called.
    drop(a);
    assert_eq!((wa.get(), wb.get(), wc.get()), (1, 0, 1));
    assert!(matches!(poll(c.as_mut(), &waker_c), Poll::Ready(Ok(()))));
    drop(c);
    assert_eq!(alive.get(), 1);
    drop((w, r));
    assert_eq!(alive.get(), 0);
}

#[test]
fn several_free_slots_serve_several() {
    let (w, mut r) = ends(Mpmc::<u8, 4>::boxed());
    for i in 0..4 {
        w.try_push(i).unwrap();
    }
    let mut waiting: Vec<_> = (4..9).map(|i| (Box::pin(w.send(i)), Count::new())).collect();
    for (push, (_, waker)) in &mut waiting {
        assert!(poll(push.as_mut(), waker).is_pending());
    }
    for i in 0..3 {
        assert_eq!(r.pop(), Some(i));
    }
    r.release();
    assert_eq!(
        waiting.iter().map(|(_, (woken, _))| woken.get()).collect::<Vec<_>>(),
        [1, 1, 1, 0, 0]
    );
    // In whatever order they run.
    for at in [2, 0, 1] {
        let (push, (_, waker)) = &mut waiting[at];
        assert!(poll(push.as_mut(), waker).is_ready());
    }
    assert_eq!(std::iter::from_fn(|| r.pop()).collect::<Vec<_>>(), [3, 6, 4, 5]);
}

#[test]
fn permits_keep_slots() {
    let (w, mut r) = ends(Mpmc::<u8, 2>::boxed());
    let a = w.try_reserve().unwrap();
    w.try_push(1).unwrap();
    assert_eq!(w.try_push(2), Err(PushError::Full(2)));
    assert_eq!(w.try_reserve().unwrap_err(), PushError::Full(()));
    let mut next = Box::pin(w.reserve());
    let (woken, waker) = Count::new();
    assert!(poll(next.as_mut(), &waker).is_pending());
    drop(a);
    assert_eq!(woken.get(), 1);
    let Poll::Ready(Ok(b)) = poll(next.as_mut(), &waker) else {
        panic!("it was called")
    };
    b.send_with(3, || {}).unwrap();
    assert_eq!((r.pop(), r.pop(), r.pop()), (Some(1), Some(3), None));
}

#[test]
fn a_permit_given_back_wakes_a_segment() {
    let (w, _r) = ends(Mpmc::<u8, 1>::boxed());
    let mut segment = w.clone().prepared();
    let (woken, waker) = Count::new();
    let permit = w.try_reserve().unwrap();
    assert!(room(&mut segment, &waker).is_pending());
    drop(permit);
    assert_eq!(woken.get(), 1);
    assert_eq!(room(&mut segment, &waker), Poll::Ready(Ok(1)));
}

#[test]
fn a_permit_given_back_wakes_a_segment_though_others_are_kept() {
    let (w, _r) = ends(Mpmc::<u8, 4>::boxed());
    let mut segment = w.clone().prepared();
    let (woken, waker) = Count::new();
    let mut permits: Vec<_> = (0..4).map(|_| w.try_reserve().unwrap()).collect();
    assert!(room(&mut segment, &waker).is_pending());
    permits.pop();
    assert_eq!(woken.get(), 1);
    assert_eq!(room(&mut segment, &waker), Poll::Ready(Ok(1)));
}

#[test]
fn a_push_that_is_polled_too_often_does_not_block_the_ring() {
    let (w, mut r) = ends(Mpmc::<u8, 2>::boxed());
    let mut push = Box::pin(w.send(1));
    assert_eq!(poll(push.as_mut(), Waker::noop()), Poll::Ready(Ok(())));
    assert!(catch_unwind(AssertUnwindSafe(|| poll(push.as_mut(), Waker::noop()))).is_err());
    w.try_push(2).unwrap();
    assert_eq!((r.pop(), r.pop(), r.pop()), (Some(1), Some(2), None));
}

#[test]
fn the_oldest_makes_room() {
    let (mut w, mut r) = ends(Mpmc::<u8, 2>::boxed());
    let mut gone = vec![];
    for i in 0..5 {
        assert_eq!(w.push_evict(i, || {}, |old| gone.push(old)), Ok(usize::from(i >= 2)));
    }
    assert_eq!(w.push_evict_quietly(5, || {}, |old| gone.push(old)), Ok(1));
    assert_eq!(w.unpublished(), 1);
    assert_eq!(gone, [0, 1, 2, 3]);
    assert_eq!((r.pop(), r.pop(), r.pop()), (Some(4), Some(5), None));
    let permits = (w.try_reserve().unwrap(), w.try_reserve().unwrap());
    assert_eq!(
        w.push_evict(6, || {}, |_| {}),
        Err(PushError::Full(6)),
        "there is nothing to evict"
    );
    drop(permits);
    r.close_all();
    assert_eq!(w.push_evict(7, || {}, |_| {}), Err(PushError::Closed(7)));
}

#[test]
fn as_many_receivers_are_woken_as_there_are_records() {
    let (w, a) = ends(Mpmc::<u8, 8>::boxed());
    let mut receivers: Vec<_> = (0..4).map(|_| (a.clone(), Count::new())).collect();
    for (r, (_, waker)) in &mut receivers {
        assert!(ready(r, waker).is_pending());
    }
    let woken = |receivers: &Vec<(_, (std::sync::Arc<Count>, _))>| -> Vec<_> {
        receivers.iter().map(|(_, (woken, _))| woken.get()).collect()
    };
    w.try_push(1).unwrap();
    assert_eq!(woken(&receivers), [1, 0, 0, 0]);
    let mut segment = w.clone();
    Writer::push(&mut segment, 2).unwrap();
    Writer::push(&mut segment, 3).unwrap();
    segment.publish();
    assert_eq!(woken(&receivers), [1, 1, 1, 0]);
    // Who finds more than one record tells the next.
    let (r, (_, waker)) = &mut receivers[0];
    assert_eq!(ready(r, waker), Poll::Ready(3));
    assert_eq!(woken(&receivers), [1, 1, 1, 1]);
}

#[test]
fn a_receiver_that_stops_waiting_passes_its_wake_up_on() {
    for dropped in [true, false] {
        let (w, mut a) = ends(Mpmc::<u8, 8>::boxed());
        let mut b = a.clone();
        let ((wa, waker_a), (wb, waker_b)) = (Count::new(), Count::new());
        assert!(ready(&mut a, &waker_a).is_pending());
        assert!(ready(&mut b, &waker_b).is_pending());
        w.try_push(1).unwrap();
        assert_eq!((wa.get(), wb.get()), (1, 0));
        if dropped {
            drop(a)
        } else {
            a.unwait()
        }
        assert_eq!((wa.get(), wb.get()), (1, 1));
    }
}

#[test]
fn all_receivers_learn_of_the_end() {
    let (w, mut a) = ends(Mpmc::<u8, 8>::boxed());
    let (mut b, mut c) = (a.clone(), a.clone());
    w.try_push(1).unwrap();
    assert_eq!(ready(&mut a, Waker::noop()), Poll::Ready(1));
    assert_eq!(a.pop(), Some(1));
    let ((wb, waker_b), (wc, waker_c)) = (Count::new(), Count::new());
    assert!(ready(&mut b, &waker_b).is_pending());
    assert!(ready(&mut c, &waker_c).is_pending());
    drop(w);
    assert_eq!((wb.get(), wc.get()), (1, 1));
    assert_eq!(ready(&mut b, &waker_b), Poll::Ready(0));
}

#[test]
fn the_futures_are_send_and_the_ends_sync() {
    fn send<T: Send>(_: &T) {}
    fn sync<T: Sync>(_: &T) {}
    let (w, r) = ends(Mpmc::<std::cell::Cell<u8>, 1>::boxed());
    sync(&w);
    sync(&r);
    let push = pin!(w.send(std::cell::Cell::new(1)));
    send(&push);
    let reserve = pin!(w.reserve());
    send(&reserve);
}

/// Where it is not caught, the panic of a waker passes through the drop of an end: that has left the list of those who wait, or
/// the list would keep a place that is gone.
#[test]
fn an_end_that_is_dropped_in_a_panic_waits_no_more() {
    struct Panics;
    impl std::task::Wake for Panics {
        fn wake(self: std::sync::Arc<Self>) {
            panic!("called");
        }
    }
    let (mut w, mut r) = ends(Mpmc::<u8, 1>::boxed());
    let waker = Waker::from(std::sync::Arc::new(Panics));
    let mut sleepers = [r.clone(), r.clone()];
    sleepers.iter_mut().for_each(|s| assert!(ready(s, &waker).is_pending()));
    Writer::push(&mut w, 1).unwrap();
    // Before it waits it tells of its record: the first is called.
    let _ = catch_unwind(AssertUnwindSafe(|| room(&mut w, Waker::noop())));
    assert!(room(&mut w, Waker::noop()).is_pending());
    assert_eq!(r.pop(), Some(1));
    Writer::push(&mut w, 2).unwrap();
    // It still waits, and has to tell of another: the second is called.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(w)));
    r.release_now();
    assert_eq!(r.pop(), Some(2));
}
