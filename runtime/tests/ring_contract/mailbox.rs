//! What only the ring with one slot does.

use crate::tools::*;
use forebay::ring::mailbox::{Mailbox, ends};
use forebay::ring::{PushError, Writer};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread::scope;

#[test]
fn the_next_overwrites_and_what_was_overwritten_is_counted() {
    static RING: Mailbox<u8> = Mailbox::new();
    let (mut a, mut r) = ends(&RING);
    let mut b = a.clone();
    assert_eq!(a.put(1), Ok(None));
    assert!(a.is_full());
    assert_eq!(b.put(2), Ok(Some(1)));
    a.push(3).unwrap();
    assert_eq!((a.take_lost(), a.take_lost(), b.take_lost()), (1, 0, 1));
    assert_eq!((r.pop(), r.pop()), (Some(3), None));
    assert!(!a.is_full());
    assert_eq!((a.put(4), a.take_lost()), (Ok(None), 0));
    drop(r);
    assert_eq!(a.put(5), Err(PushError::Closed(5)));
    assert_eq!(a.push(5), Err(PushError::Closed(5)));
    a.close();
    assert_eq!((a.reclaim(), a.reclaim()), (Some(4), None));
}

#[test]
fn a_record_is_taken_once() {
    let alive = Alive::default();
    let (first, last) = ends(Mailbox::<One>::boxed_before_wrap(MANY / 4));
    let (taken, lost) = (AtomicUsize::new(0), AtomicUsize::new(0));
    scope(|s| {
        for _ in 0..2 {
            let (mut w, lost, alive) = (first.clone(), &lost, &alive);
            s.spawn(move || {
                for i in 0..MANY / 4 {
                    if i % 2 == 0 {
                        assert!(w.put(alive.one()).is_ok());
                    } else {
                        assert!(w.push(alive.one()).is_ok());
                        w.publish();
                    }
                }
                lost.fetch_add(w.take_lost() as usize, SeqCst);
            });
            let (mut r, taken) = (last.clone(), &taken);
            s.spawn(move || {
                while wait_ready(&mut r) != 0 {
                    taken.fetch_add(usize::from(r.pop().is_some()), SeqCst);
                }
            });
        }
        drop((first, last));
    });
    assert_eq!(taken.into_inner() + lost.into_inner(), MANY / 4 * 2);
    assert_eq!(alive.get(), 0);
}
