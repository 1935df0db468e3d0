//! What only the ring of one value does.

use crate::tools::*;
use forebay::ring::latest::{Latest, ends, watch};
use forebay::ring::{PushError, Writer};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Poll, Waker};
use std::thread::scope;

#[test]
fn watchers_skip_to_the_newest_and_are_told_how_many_they_skipped() {
    static RING: Latest<u32, 8> = Latest::new();
    let (mut s, mut a) = ends(&RING);
    assert!(a.get().is_none());
    let mut b = a.clone();
    for i in 1..=5 {
        s.set(i).unwrap();
    }
    assert_eq!((a.pop(), a.pop(), a.take_lost()), (Some(5), None, 4));
    // A new one sees the current value, and has skipped nothing.
    let mut c = watch(&RING);
    assert_eq!((c.pop(), c.pop(), c.take_lost()), (Some(5), None, 0));
    let mut d = a.clone();
    s.set(6).unwrap();
    assert_eq!((a.pop(), a.take_lost()), (Some(6), 0));
    assert_eq!((b.pop(), b.take_lost()), (Some(6), 5));
    assert_eq!((c.pop(), c.take_lost()), (Some(6), 0));
    // A clone has seen what the other had.
    assert_eq!((d.pop(), d.pop(), d.take_lost()), (Some(6), None, 0));
    assert_eq!(a.get(), Some(&6), "seen or not");
    drop(s);
    assert!(a.is_ended() && b.is_ended());
    let (mut late, mut e) = ends(&RING);
    assert_eq!(late.set(7), Err(PushError::Closed(7)), "a closed ring stays closed");
    assert_eq!((e.pop(), e.get()), (Some(6), Some(&6)));
    assert!(e.is_ended());
}

#[test]
fn of_a_batch_the_last_is_seen_and_the_others_are_told() {
    let alive = Alive::default();
    let (mut s, mut w) = ends(Latest::<(u8, One), 4>::boxed_before_wrap(3));
    assert!(s.set((0, alive.one())).is_ok());
    assert_eq!((w.pop().map(|x| x.0), w.take_lost()), (Some(0), 0));
    for i in 1..=4 {
        assert!(s.push((i, alive.one())).is_ok());
        assert_eq!(s.unpublished(), usize::from(i));
        assert_eq!(alive.get(), 2, "the current one, and the one that is to come");
        assert!(w.pop().is_none());
        assert_eq!(w.get().unwrap().0, 0);
    }
    s.publish();
    assert_eq!((w.pop().map(|x| x.0), w.take_lost()), (Some(4), 3));
    assert!(s.push((5, alive.one())).is_ok());
    assert!(s.push((6, alive.one())).is_ok());
    drop(s);
    assert_eq!(
        (w.pop().map(|x| x.0), w.take_lost()),
        (Some(6), 1),
        "published before it left"
    );
    assert!(w.is_ended());
    drop(w);
    assert_eq!(alive.get(), 0);
}

#[test]
fn what_is_lent_is_seen_as_soon_as_it_is_pushed() {
    let (mut s, w) = ends(Latest::<u8, 4>::boxed_before_wrap(1));
    let mut other = w.clone();
    let mut lent = w.lent();
    let (woken, waker) = Count::new();
    assert!(ready(&mut other, &waker).is_pending());
    for i in 1..=3 {
        s.push(i).unwrap();
        assert_eq!((lent.get(), s.unpublished(), woken.get()), (Some(&i), usize::from(i), 0));
    }
    s.publish();
    assert_eq!(woken.get(), 1, "who sleeps is told at the end of the batch");
    assert_eq!((other.pop(), other.take_lost()), (Some(3), 2));
}

#[test]
fn versions_wrap() {
    for before in 0..6 {
        let (mut s, mut w) = ends(Latest::<usize, 4>::boxed_before_wrap(before));
        let mut lost = 0;
        for i in 0..12 {
            s.set(i).unwrap();
            if i % 3 == 2 {
                assert_eq!(w.pop(), Some(i));
                lost += w.take_lost();
            }
        }
        assert_eq!((lost, w.pop(), s.watch().pop()), (8, None, Some(11)));
    }
}

#[test]
fn what_is_looked_at_stays_while_senders_go_on() {
    let alive = Alive::default();
    let (mut s, mut a) = ends(Latest::<(u8, One), 4>::boxed());
    let mut b = a.clone();
    assert!(s.set((1, alive.one())).is_ok());
    let first = a.get().unwrap();
    for i in 2..20 {
        assert!(s.set((i, alive.one())).is_ok());
        assert_eq!(b.pop().map(|x| x.0), Some(i));
        assert_eq!(alive.get(), 2, "the one that is looked at, and the current one");
    }
    assert_eq!(first.0, 1);
    a.release();
    assert_eq!(alive.get(), 1, "what was replaced is gone with who held it last");
    assert_eq!(a.get().unwrap().0, 19);
    assert_eq!(b.get().unwrap().0, 19);
    assert!(s.set((20, alive.one())).is_ok());
    assert_eq!(a.get().unwrap().0, 20);
    assert_eq!(alive.get(), 2, "the other still holds it");
    // Who waits holds nothing.
    a.pop();
    b.pop();
    assert_eq!(b.get().unwrap().0, 20);
    assert!(s.set((21, alive.one())).is_ok());
    assert_eq!(alive.get(), 2);
    a.pop();
    b.pop();
    assert!(b.get().is_some());
    assert!(ready(&mut b, Waker::noop()).is_pending());
    assert!(s.set((22, alive.one())).is_ok());
    assert_eq!(alive.get(), 1);
    assert!(a.get().is_some());
    assert!(s.set((23, alive.one())).is_ok());
    assert_eq!(alive.get(), 2);
    drop(a);
    assert_eq!(alive.get(), 1);
    drop((s, b));
    assert_eq!(alive.get(), 0);
}

#[test]
fn more_ends_than_slots_are_refused() {
    let (s, w) = ends(Latest::<u8, 4>::boxed());
    let t = s.clone();
    assert!(catch_unwind(AssertUnwindSafe(|| s.clone())).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| w.clone())).is_err());
    assert!(catch_unwind(AssertUnwindSafe(|| s.watch())).is_err());
    drop(t);
    let mut u = w.clone();
    u.close();
    drop(u);
    drop((s.clone(), w));
    assert!(catch_unwind(AssertUnwindSafe(|| (s.clone(), s.watch()))).is_ok());
}

#[test]
fn who_leaves_sees_what_was_there_while_it_is_there() {
    let (mut s, mut a) = ends(Latest::<u8, 5>::boxed());
    let (mut b, mut c) = (a.clone(), a.clone());
    s.set(1).unwrap();
    s.set(2).unwrap();
    a.close();
    b.close();
    assert_eq!((a.pop(), a.take_lost()), (Some(2), 1));
    assert_eq!(ready(&mut a, Waker::noop()), Poll::Ready(0));
    s.set(3).unwrap();
    assert_eq!((b.pop(), b.take_lost()), (None, 2));
    assert_eq!(ready(&mut b, Waker::noop()), Poll::Ready(0));
    assert!(a.is_ended() && b.is_ended() && !c.is_ended());
    assert_eq!((c.pop(), c.take_lost()), (Some(3), 2));
    // Nobody watches: it goes on all the same.
    drop((a, b, c));
    s.set(4).unwrap();
    assert!(!Writer::is_closed(&s));
    assert_eq!(s.watch().pop(), Some(4));
}

#[test]
fn the_last_sender_closes() {
    let (a, mut w) = ends(Latest::<u8, 4>::boxed());
    let mut b = a.clone();
    let (woken, waker) = Count::new();
    assert!(ready(&mut w, &waker).is_pending());
    drop(a);
    assert_eq!(woken.get(), 0);
    b.push(1).unwrap();
    drop(b);
    assert_eq!(woken.get(), 1, "told before it left");
    assert!(!w.is_ended());
    assert_eq!(w.pop(), Some(1));
    assert_eq!(ready(&mut w, &waker), Poll::Ready(0));
}

/// Senders and watchers on threads of their own: values are whole and come in order, and skipped and seen ones are all.
fn nothing_is_torn<const SLOTS: usize>(senders: usize, watchers: usize) {
    let alive = Alive::default();
    let (first, last) = ends(Latest::<(usize, usize, Box<usize>, One), SLOTS>::boxed_before_wrap(MANY / 2));
    let each = MANY / senders / 2;
    let seen = AtomicUsize::new(0);
    scope(|s| {
        for _ in 1..watchers {
            let (mut w, seen) = (last.clone(), &seen);
            s.spawn(move || {
                let (mut next, mut popped, mut lost) = (vec![0; senders], 0, 0);
                while wait_ready(&mut w) != 0 {
                    let (sender, i, same, _one) = w.pop().unwrap();
                    assert!(i >= next[sender], "in order");
                    assert_eq!(*same, i);
                    next[sender] = i + 1;
                    popped += 1;
                    lost += w.take_lost() as usize;
                    // Looking is no popping, and never shows an older one.
                    let now = w.get().unwrap();
                    assert_eq!(now.1, *now.2);
                    assert!(now.0 != sender || now.1 >= i);
                }
                assert_eq!(popped + lost, each * senders);
                seen.fetch_add(popped, SeqCst);
            });
        }
        drop(last);
        for sender in 0..senders {
            let (mut set, alive) = (first.clone(), &alive);
            s.spawn(move || {
                for i in 0..each {
                    assert!(set.set((sender, i, Box::new(i), alive.one())).is_ok());
                    if i % 64 == 0 {
                        std::thread::yield_now();
                    }
                }
            });
        }
        drop(first);
    });
    assert!(seen.into_inner() >= watchers - 1, "the last value at least");
    assert_eq!(alive.get(), 0);
}

#[test]
fn nothing_is_torn_however_many_there_are() {
    nothing_is_torn::<5>(1, 2);
    nothing_is_torn::<7>(2, 3);
    nothing_is_torn::<32>(3, 2);
}
