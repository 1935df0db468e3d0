//! One thread, one record at a time: what every ring does, whatever it does when it is full.

use crate::tools::*;
use forebay::ring::{Closed, PushError, Reader, Writer};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::task::{Poll, Waker};

each!(
    one_in_one_out_over_the_wrap,
    one_is_sent_and_received,
    a_recv_that_is_dropped_takes_nothing,
    the_end_is_told_once_the_ring_is_empty,
    an_end_that_closed_takes_nothing,
    one_is_dropped_once,
    the_drop_of_one_may_panic,
    units_come_out,
    records_that_are_over_aligned,
    the_end_wakes,
    a_reader_stops_waiting,
    threads_pass_records_to_and_fro,
);

fn one_in_one_out_over_the_wrap<K: Kind>() {
    for before in [0, 1, 2, 3, 5, 8, 13, 40] {
        let (mut w, mut r) = K::wrapping::<usize, 1>(before);
        assert_eq!((w.capacity(), r.capacity()), (1, 1));
        assert_eq!((r.ready(), r.pop(), r.len()), (0, None, 0));
        let start = r.popped();
        for i in 0..60 {
            assert_eq!(room(&mut w, Waker::noop()), Poll::Ready(Ok(1)));
            assert_eq!(w.room(), 1);
            w.push(i).unwrap();
            assert_eq!(w.unpublished(), 1);
            w.publish();
            assert_eq!((w.unpublished(), r.ready(), r.len()), (0, 1, 1));
            assert_eq!(ready(&mut r, Waker::noop()), Poll::Ready(1));
            assert_eq!((r.pop(), r.pop()), (Some(i), None));
            assert_eq!(r.popped().wrapping_sub(start), i + 1);
            r.release();
        }
    }
}

fn one_is_sent_and_received<K: Kind>() {
    let (mut w, mut r) = K::wrapping::<usize, 1>(3);
    for i in 0..10 {
        assert_eq!(w.try_push(2 * i), Ok(()));
        assert_eq!((w.unpublished(), r.len(), r.pressure()), (0, 1, 1.0));
        assert_eq!(block_on(r.recv()), Some(2 * i));
        assert_eq!((r.len(), r.pressure()), (0, 0.0));
        assert_eq!(w.try_push(2 * i + 1), Ok(()));
        assert_eq!((r.try_recv(), r.try_recv()), (Some(2 * i + 1), None));
    }
    w.close();
    assert_eq!(w.try_push(0), Err(PushError::Closed(0)));
    assert_eq!(block_on(r.recv()), None);
}

fn a_recv_that_is_dropped_takes_nothing<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 1>();
    let (count, waker) = Count::new();
    {
        let mut recv = r.recv();
        assert_eq!(poll(&mut recv, &waker), Poll::Pending);
        w.try_push(1).unwrap();
        assert_eq!(count.get(), 1);
    }
    assert_eq!(poll(&mut r.recv(), Waker::noop()), Poll::Ready(Some(1)));
}

fn an_end_that_closed_takes_nothing<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 1>();
    w.close();
    w.close();
    assert!(w.is_closed());
    assert_eq!((w.room(), w.push(1).unwrap_err().into_inner()), (0, 1));
    assert_eq!(room(&mut w, Waker::noop()), Poll::Ready(Err(Closed)));
    assert_eq!(w.reclaim(), None);
    assert!(r.is_ended());
    assert_eq!(ready(&mut r, Waker::noop()), Poll::Ready(0));
    r.close();
    assert_eq!((r.pop(), w.reclaim()), (None, None));
}

fn one_is_dropped_once<K: Kind>() {
    let alive = Alive::default();
    for writer_first in [true, false] {
        for left in [false, true] {
            let (mut w, mut r) = K::wrapping::<One, 1>(3);
            for _ in 0..20 {
                assert!(w.push(alive.one()).is_ok());
                w.publish();
                assert!(r.pop().is_some());
                r.release();
            }
            if left {
                assert!(w.push(alive.one()).is_ok());
                w.publish();
            }
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
}

#[derive(Clone)]
struct Bomb(#[expect(dead_code, reason = "it counts")] One);
impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("bang");
    }
}

fn the_drop_of_one_may_panic<K: Kind>() {
    let alive = Alive::default();
    let (mut w, r) = K::ring::<Bomb, 1>();
    assert!(w.push(Bomb(alive.one())).is_ok());
    w.publish();
    let _ = catch_unwind(AssertUnwindSafe(|| {
        drop(r);
        drop(w);
    }));
    assert_eq!(alive.get(), 0);
}

fn units_come_out<K: Kind>() {
    let (mut w, mut r) = K::ring::<(), 1>();
    for _ in 0..20 {
        w.push(()).unwrap();
        w.publish();
        assert_eq!((r.pop(), r.pop()), (Some(()), None));
        r.release();
    }
}

/// Each side waits for the other: a wake-up that is lost would hang.
fn threads_pass_records_to_and_fro<K: Kind>() {
    let (mut w, mut there) = K::wrapping::<usize, 1>(MANY / 20);
    let (mut v, mut back) = K::ring::<usize, 1>();
    let other = std::thread::spawn(move || {
        while wait_ready(&mut there) != 0 {
            let i = there.pop().unwrap();
            there.release();
            push_waiting(&mut v, i).unwrap();
            v.publish();
        }
    });
    for i in 0..MANY / 10 {
        push_waiting(&mut w, i).unwrap();
        w.publish();
        assert_ne!(wait_ready(&mut back), 0);
        assert_eq!(back.pop(), Some(i));
        back.release();
    }
    drop(w);
    assert_eq!(wait_ready(&mut back), 0);
    other.join().unwrap();
}

fn the_end_is_told_once_the_ring_is_empty<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 1>();
    w.push(1).unwrap();
    w.close();
    assert!(w.is_closed());
    assert!(w.push(2).is_err());
    // After its own close too, what is left can be read.
    r.close();
    assert_eq!(ready(&mut r, Waker::noop()), Poll::Ready(1));
    assert_eq!(r.pop(), Some(1));
    assert_eq!(ready(&mut r, Waker::noop()), Poll::Ready(0));
    assert!(r.is_ended());
}

#[repr(align(512))]
#[derive(Clone, Copy)]
struct Wide(u8);

fn records_that_are_over_aligned<K: Kind>() {
    let (mut w, mut r) = K::ring::<Wide, 1>();
    for i in 0..20 {
        assert!(w.room() > 0);
        assert!(w.push(Wide(i)).is_ok());
        w.publish();
        let wide = Box::new(r.pop().unwrap());
        assert_eq!(wide.0, i);
        assert_eq!(&raw const *wide as usize % 512, 0);
        r.release();
    }
}

fn the_end_wakes<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 1>();
    let (woken, waker) = Count::new();
    assert!(ready(&mut r, &waker).is_pending());
    w.close();
    assert_eq!(woken.get(), 1);
    assert_eq!(ready(&mut r, &waker), Poll::Ready(0));
}

fn a_reader_stops_waiting<K: Kind>() {
    let (mut w, mut r) = K::ring::<u8, 1>();
    let (old, old_waker) = Count::new();
    let (new, new_waker) = Count::new();
    assert!(ready(&mut r, &old_waker).is_pending());
    r.unwait();
    assert!(!w.peer_asleep());
    assert!(ready(&mut r, &old_waker).is_pending());
    assert!(ready(&mut r, &new_waker).is_pending());
    w.push(1).unwrap();
    w.publish();
    // The last waker counts, and none is left behind.
    assert_eq!((old.get(), new.get()), (0, 1));
    assert_eq!(ready(&mut r, &new_waker), Poll::Ready(1));
    drop((old_waker, new_waker));
    assert_eq!(
        (std::sync::Arc::strong_count(&old), std::sync::Arc::strong_count(&new)),
        (1, 1)
    );
}
