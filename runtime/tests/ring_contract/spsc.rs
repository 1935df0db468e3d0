//! What only the ring for one producer and one consumer does.

use crate::tools::*;
use forebay::ring::spsc::{Spsc, split};
use forebay::ring::{PushError, Reader, Writer};
use std::task::{Poll, Waker};

#[test]
fn it_is_split_once() {
    static RING: Spsc<u8, 4> = Spsc::new();
    let (mut w, mut r) = split(&RING).unwrap();
    assert!(split(&RING).is_none());
    w.push(1).unwrap();
    w.publish();
    assert_eq!(r.pop(), Some(1));
}

#[test]
fn a_run_is_as_long_as_what_is_ready() {
    let (mut w, mut r) = split(Spsc::<u8, 8>::boxed()).unwrap();
    for i in 0..6 {
        w.push(i).unwrap();
    }
    assert_eq!(r.run(8).len(), 0, "not published");
    w.publish();
    assert_eq!(r.run(4).collect::<Vec<_>>(), [0, 1, 2, 3]);
    // What is not iterated over stays.
    assert_eq!(r.run(8).next(), Some(4));
    assert_eq!(r.pop(), Some(5));
    assert_eq!(w.room(), 2);
    r.release();
    assert_eq!(w.room(), 2, "the consumer's index is not reread while there is room");
    assert_eq!(w.len(), 0);
}

#[test]
fn records_are_written_where_they_lie() {
    let alive = Alive::default();
    let (mut w, mut r) = split(Spsc::<(u8, One), 2>::boxed_at(usize::MAX)).unwrap();
    for i in 0..9 {
        w.place().unwrap().write((i, alive.one()));
        // One that is given up is not there.
        drop(w.place().unwrap());
        let mut place = w.place().unwrap();
        place.uninit().write((i + 100, alive.one()));
        // SAFETY: just written.
        unsafe { place.commit() };
        assert!(w.place().is_none(), "full");
        assert_eq!(w.unpublished(), 2);
        assert!(r.peek().is_none());
        w.publish();
        assert_eq!(r.peek().unwrap().0, i);
        assert_eq!(r.pop().unwrap().0, i);
        assert_eq!(r.peek().unwrap().0, i + 100);
        assert_eq!((r.skip(5), r.skip(5)), (1, 0));
        r.release();
        assert_eq!(alive.get(), 0);
    }
    w.close();
    assert!(w.place().is_none());
}

#[test]
fn records_are_read_where_they_lie() {
    let (mut w, mut r) = split(Spsc::<usize, 8>::boxed()).unwrap();
    for round in 0..20 {
        let next = round * 5;
        (next..next + 5).for_each(|i| w.push(i).unwrap());
        w.publish();
        let (first, second) = r.slices();
        assert_eq!([first, second].concat(), (next..next + 5).collect::<Vec<_>>());
        assert_eq!(first.len(), 5.min(8 - next % 8), "as far as the storage goes");
        assert_eq!(r.len(), 5, "they stay");
        assert_eq!(r.skip(2), 2);
        assert_eq!(r.slices().0.len() + r.slices().1.len(), 3);
        assert_eq!(r.skip(9), 3);
        r.release();
    }
    assert_eq!(Reader::popped(&r), 100);
    r.close();
    assert_eq!(r.peek(), None);
    let (mut w, mut r) = split(Spsc::<(), 4>::boxed()).unwrap();
    w.push(()).unwrap();
    w.publish();
    assert_eq!(r.slices(), (&[()][..], &[][..]));
    assert_eq!(r.skip(4), 1);
}

#[test]
fn a_send_waits_for_room() {
    let (mut w, mut r) = split(Spsc::<u32, 2>::boxed()).unwrap();
    assert_eq!(
        (w.try_push(1), w.try_push(2), w.try_push(3)),
        (Ok(()), Ok(()), Err(PushError::Full(3)))
    );
    assert_eq!((w.pressure(), r.pressure()), (1.0, 1.0));
    let (count, waker) = Count::new();
    {
        let mut send = w.send(3);
        assert_eq!(poll(&mut send, &waker), Poll::Pending);
        assert_eq!((block_on(r.recv()), count.get()), (Some(1), 1));
        assert_eq!(poll(&mut send, &waker), Poll::Ready(Ok(())));
    }
    assert_eq!((block_on(r.recv()), block_on(r.recv())), (Some(2), Some(3)));
    w.try_push(4).unwrap();
    w.try_push(5).unwrap();
    let mut send = w.send(6);
    assert_eq!(poll(&mut send, &waker), Poll::Pending);
    drop(r);
    assert_eq!(
        (poll(&mut send, &waker), count.get()),
        (Poll::Ready(Err(PushError::Closed(6))), 2)
    );
}

#[test]
fn a_send_that_is_dropped_leaves_nothing() {
    let alive = Alive::default();
    let (mut w, mut r) = split(Spsc::<One, 1>::boxed()).unwrap();
    assert!(w.try_push(alive.one()).is_ok());
    assert!(poll(&mut w.send(alive.one()), Waker::noop()).is_pending());
    assert_eq!(alive.get(), 1, "the one that waited went with its future");
    assert!(block_on(r.recv()).is_some());
    assert!(r.is_empty() && w.room() == 1);
    assert_eq!(alive.get(), 0);
}

#[test]
fn a_send_has_the_first_slot_that_a_recv_gives_back() {
    let (mut w, mut r) = split(Spsc::<u32, 8>::boxed()).unwrap();
    assert_eq!(w.push_slice(&[0, 1, 2, 3, 4, 5, 6, 7]), 8);
    let (count, waker) = Count::new();
    let mut send = w.send(8);
    assert!(poll(&mut send, &waker).is_pending());
    assert_eq!((block_on(r.recv()), count.get()), (Some(0), 1));
    assert_eq!(poll(&mut send, &waker), Poll::Ready(Ok(())));
}
