//! One thread, rings that wait when they are full: limits, ends, drops.

use crate::tools::*;
use forebay::ring::{Closed, PushError, Reader, Writer};
use std::sync::Arc;
use std::task::{Poll, Waker};

both!(
    first_in_first_out,
    capacities_one_and_two,
    positions_wrap,
    nothing_is_there_before_publish_needs_it,
    full_and_closed_are_different,
    nobody_pushes_to_readers_that_have_gone,
    the_writer_reclaims_what_the_reader_left,
    who_closes_last_finds_the_rest,
    dropped_exactly_once,
    records_without_size,
    a_slice_goes_in_as_far_as_there_is_room,
    a_sleeping_writer_is_woken_at_half_empty,
    release_now_wakes_at_any_slot,
    a_reader_that_sleeps_wakes_the_writer,
    closing_wakes,
    unwait_leaves_no_waker_behind,
    the_last_waker_counts,
);

fn drain<T, R: Reader<T>>(r: &mut R) -> Vec<T> {
    let all = std::iter::from_fn(|| r.pop()).collect();
    r.release();
    all
}

fn first_in_first_out<K: Kind>() {
    let (mut w, mut r) = K::ring::<u32, 8>();
    assert_eq!((w.capacity(), r.capacity()), (8, 8));
    for round in 0..10 {
        for i in 0..5 {
            assert!(w.room() > 0);
            w.push(round * 5 + i).unwrap();
        }
        assert_eq!(w.unpublished(), 5);
        w.publish();
        assert_eq!((w.unpublished(), w.len(), r.len(), r.ready()), (0, 5, 5, 5));
        assert_eq!(drain(&mut r), (round * 5..round * 5 + 5).collect::<Vec<_>>());
        assert!(w.is_empty() && r.is_empty());
    }
}

fn nobody_pushes_to_readers_that_have_gone<K: Kind>() {
    let (mut w, r) = K::ring::<u32, 2>();
    w.try_push(1).unwrap();
    drop(r);
    assert_eq!(w.try_push(2), Err(PushError::Closed(2)));
}

fn fill_and_drain<K: Kind, const N: usize>((mut w, mut r): (K::W<usize, N>, K::R<usize, N>)) {
    let rounds = if cfg!(miri) { N + 3 } else { 3 * N + 3 };
    for round in 0..rounds {
        for i in 0..N {
            w.push(round + i).unwrap();
        }
        assert_eq!(w.room(), 0);
        assert_eq!(w.push(0), Err(PushError::Full(0)));
        assert_eq!(w.len(), N);
        w.publish();
        // One out, one in: the ring is full at every offset once.
        assert_eq!(r.pop(), Some(round));
        r.release();
        assert!(w.room() > 0);
        w.push(round + N).unwrap();
        w.publish();
        assert_eq!(drain(&mut r), (round + 1..=round + N).collect::<Vec<_>>());
        assert_eq!(r.pop(), None);
        assert_eq!(w.room(), N);
    }
}

fn capacities_one_and_two<K: Kind>() {
    fill_and_drain::<K, 1>(K::ring());
    fill_and_drain::<K, 2>(K::ring());
    fill_and_drain::<K, { if cfg!(miri) { 8 } else { 64 } }>(K::ring());
}

fn positions_wrap<K: Kind>() {
    for before in [0, 1, 2, 3, 5, 8, 13] {
        fill_and_drain::<K, 1>(K::wrapping(before));
        fill_and_drain::<K, 2>(K::wrapping(before));
        fill_and_drain::<K, 8>(K::wrapping(before));
    }
}

fn nothing_is_there_before_publish_needs_it<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 2>();
    w.push(1).unwrap();
    w.push(2).unwrap();
    // A writer that waits has published.
    assert!(room(&mut w, Waker::noop()).is_pending());
    assert_eq!(w.unpublished(), 0);
    assert_eq!(drain(&mut r), [1, 2]);
    // So has one that closes.
    w.push(3).unwrap();
    w.close();
    assert_eq!(drain(&mut r), [3]);
}

fn full_and_closed_are_different<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 1>();
    w.push(1).unwrap();
    assert_eq!(w.push(2), Err(PushError::Full(2)));
    assert!(!w.is_closed());
    r.close();
    assert!(w.is_closed());
    assert_eq!(w.push(2), Err(PushError::Closed(2)));
    assert_eq!(room(&mut w, Waker::noop()), Poll::Ready(Err(Closed)));

    let (mut w, _r) = K::ring::<u8, 1>();
    w.close();
    assert!(w.is_closed());
    assert_eq!(w.push(2), Err(PushError::Closed(2)));
    assert_eq!(w.room(), 0);
    assert_eq!(room(&mut w, Waker::noop()), Poll::Ready(Err(Closed)));
}

fn the_writer_reclaims_what_the_reader_left<K: Kind>() {
    let alive = Alive::default();
    let (mut w, mut r) = K::ring::<One, 4>();
    for _ in 0..3 {
        assert!(w.push(alive.one()).is_ok());
    }
    w.publish();
    assert!(w.push(alive.one()).is_ok());
    assert!(w.reclaim().is_none(), "the reader is still there");
    drop(r.pop());
    drop(r);
    let mut reclaimed = 0;
    while let Some(one) = w.reclaim() {
        drop(one);
        reclaimed += 1;
    }
    assert_eq!(reclaimed, 3, "published or not");
    assert!(matches!(w.push(alive.one()), Err(PushError::Closed(_))));
    drop(w);
    assert_eq!(alive.get(), 0);
}

fn who_closes_last_finds_the_rest<K: Kind>() {
    // The writer first: the rest is the reader's, even after it has closed.
    let (mut w, mut r) = K::ring::<u8, 4>();
    w.push(1).unwrap();
    w.push(2).unwrap();
    w.close();
    r.close();
    assert_eq!(ready(&mut r, Waker::noop()), Poll::Ready(2));
    assert_eq!(drain(&mut r), [1, 2]);
    assert_eq!(ready(&mut r, Waker::noop()), Poll::Ready(0));
    assert_eq!(w.reclaim(), None);

    // The reader first: the rest is the writer's, even after it has closed.
    let (mut w, mut r) = K::ring::<u8, 4>();
    w.push(1).unwrap();
    r.close();
    w.close();
    drop(r);
    assert_eq!(w.reclaim(), Some(1));
    assert_eq!(w.reclaim(), None);
}

fn dropped_exactly_once<K: Kind>() {
    let alive = Alive::default();
    for writer_first in [true, false] {
        let (mut w, mut r) = K::wrapping::<One, 8>(3);
        for _ in 0..8 {
            assert!(w.push(alive.one()).is_ok());
        }
        w.publish();
        for _ in 0..3 {
            drop(r.pop().unwrap());
        }
        r.release();
        assert!(w.room() > 0);
        assert!(w.push(alive.one()).is_ok());
        assert_eq!(alive.get(), 6);
        if writer_first {
            drop(w);
            drop(r);
        } else {
            drop(r);
            drop(w);
        }
        assert_eq!(alive.get(), 0);
    }
}

fn records_without_size<K: Kind>() {
    let (mut w, mut r) = K::ring::<(), 4>();
    for _ in 0..4 {
        w.push(()).unwrap();
    }
    assert_eq!(w.push(()), Err(PushError::Full(())));
    w.publish();
    assert_eq!(drain(&mut r).len(), 4);
}

fn a_sleeping_writer_is_woken_at_half_empty<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 4>();
    for i in 0..4 {
        w.push(i).unwrap();
    }
    let (woken, waker) = Count::new();
    assert!(room(&mut w, &waker).is_pending());
    assert!(r.peer_asleep());
    assert_eq!(r.pop(), Some(0));
    r.release();
    assert_eq!(woken.get(), 0);
    assert_eq!(r.pop(), Some(1));
    r.release();
    assert_eq!(woken.get(), 1);
    assert_eq!(room(&mut w, &waker), Poll::Ready(Ok(2)));
}

fn release_now_wakes_at_any_slot<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 8>();
    for i in 0..8 {
        w.push(i).unwrap();
    }
    let (woken, waker) = Count::new();
    assert!(room(&mut w, &waker).is_pending());
    assert_eq!(r.pop(), Some(0));
    r.release();
    assert_eq!(woken.get(), 0);
    r.release_now();
    assert_eq!(woken.get(), 1);
}

fn a_reader_that_sleeps_wakes_the_writer<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 4>();
    let (woken, waker) = Count::new();
    for i in 0..4 {
        w.push(i).unwrap();
    }
    assert!(room(&mut w, &waker).is_pending());
    while r.pop().is_some() {}
    assert_eq!(woken.get(), 0);
    assert!(ready(&mut r, Waker::noop()).is_pending());
    assert_eq!(woken.get(), 1);
}

fn closing_wakes<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 1>();
    let (woken, waker) = Count::new();
    assert!(ready(&mut r, &waker).is_pending());
    w.close();
    assert_eq!(woken.get(), 1);
    assert_eq!(ready(&mut r, &waker), Poll::Ready(0));

    let (mut w, mut r) = K::ring::<u8, 1>();
    let (woken, waker) = Count::new();
    w.push(1).unwrap();
    assert!(room(&mut w, &waker).is_pending());
    r.close();
    assert_eq!(woken.get(), 1);
    assert_eq!(room(&mut w, &waker), Poll::Ready(Err(Closed)));
}

fn unwait_leaves_no_waker_behind<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 1>();
    let (woken, waker) = Count::new();
    assert!(ready(&mut r, &waker).is_pending());
    r.unwait();
    assert!(!w.peer_asleep());
    w.push(1).unwrap();
    w.publish();
    assert!(room(&mut w, &waker).is_pending());
    w.unwait();
    assert!(!r.peer_asleep());
    assert_eq!(r.pop(), Some(1));
    r.release();
    assert_eq!(woken.get(), 0);
    drop(waker);
    assert_eq!(Arc::strong_count(&woken), 1);
}

fn the_last_waker_counts<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 1>();
    let (old, old_waker) = Count::new();
    let (new, new_waker) = Count::new();
    assert!(ready(&mut r, &old_waker).is_pending());
    assert!(ready(&mut r, &new_waker).is_pending());
    assert!(ready(&mut r, &new_waker).is_pending());
    w.push(1).unwrap();
    w.publish();
    assert_eq!((old.get(), new.get()), (0, 1));
    assert!(room(&mut w, &old_waker).is_pending());
    assert!(room(&mut w, &new_waker).is_pending());
    assert_eq!(r.pop(), Some(1));
    r.release();
    assert_eq!((old.get(), new.get()), (0, 2));
}

fn a_slice_goes_in_as_far_as_there_is_room<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 4>();
    assert_eq!((w.push_slice(&[1, 2, 3]), w.pressure()), (3, 0.75));
    assert_eq!((w.push_slice(&[4, 5, 6]), w.pressure()), (1, 1.0));
    assert_eq!(w.push_slice(&[5]), 0);
    assert_eq!(drain(&mut r), [1, 2, 3, 4]);
    // Drained slots are released: a writer that waits is woken.
    assert_eq!(w.push_slice(&[1, 2, 3, 4, 5]), 4);
    let (woken, waker) = Count::new();
    assert!(room(&mut w, &waker).is_pending());
    let mut all = vec![];
    assert_eq!(r.drain_into(&mut all), 4);
    assert_eq!(woken.get(), 1);
    r.close();
    assert_eq!(w.push_slice(&[1]), 0);
}
