//! What only `std` gives: what panics where a ring runs it is caught, and threads park.

use crate::tools::*;
use forebay::ring::{PushError, Reader, Writer, broadcast, latest, mpmc, spsc};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::task::{Wake, Waker};

both!(a_waker_that_panics_spares_the_ring);

/// A waker that panics when it is called, or when it goes.
struct TouchyWaker {
    called: bool,
}
impl Wake for TouchyWaker {
    fn wake(self: Arc<Self>) {
        assert!(!self.called, "called");
    }
}
impl Drop for TouchyWaker {
    fn drop(&mut self) {
        assert!(self.called, "dropped");
    }
}

fn a_waker_that_panics_spares_the_ring<K: Kind>() {
    for called in [true, false] {
        let touchy = || Waker::from(Arc::new(TouchyWaker { called }));
        // Each waits with the last that holds this waker; then goes, or is called.
        let (mut w, mut r) = K::ring::<u8, 1>();
        let waker = touchy();
        assert!(ready(&mut r, &waker).is_pending());
        let _ = catch_unwind(AssertUnwindSafe(|| drop(waker)));
        assert!(ready(&mut r, Waker::noop()).is_pending());
        let waker = touchy();
        assert!(ready(&mut r, &waker).is_pending());
        let _ = catch_unwind(AssertUnwindSafe(|| drop(waker)));
        if called {
            w.push(1).unwrap();
            w.publish();
            assert_eq!(r.pop(), Some(1));
            r.release();
        }
        r.close();
        assert!(w.is_closed(), "the reader has left, whatever its waker did");

        let (mut w, mut r) = K::ring::<u8, 1>();
        w.push(1).unwrap();
        let waker = touchy();
        assert!(room(&mut w, &waker).is_pending());
        let _ = catch_unwind(AssertUnwindSafe(|| drop(waker)));
        if called {
            assert_eq!(r.pop(), Some(1));
            r.release();
        }
        w.close();
        r.pop();
        assert!(r.is_ended(), "the writer has left, whatever its waker did");
    }
}

struct Bomb(One, bool);
impl Clone for Bomb {
    fn clone(&self) -> Self {
        Bomb(self.0.clone(), false)
    }
}
impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(!self.1, "bang");
    }
}

#[test]
fn the_drop_of_what_is_overwritten_does_not_fail_the_producer() {
    let alive = Alive::default();
    let (mut w, mut r) = broadcast::split(broadcast::Broadcast::<Bomb, 1>::boxed()).unwrap();
    for i in 0..40 {
        assert!(w.push(Bomb(alive.one(), i == 3)).is_ok());
    }
    w.publish();
    assert!(alive.get() <= 16, "what was overwritten is gone");
    assert_eq!((std::iter::from_fn(|| r.pop()).count(), r.take_lost()), (1, 39));
    drop((w, r));
    assert_eq!(alive.get(), 0);
}

struct Touchy(One, bool);
impl Clone for Touchy {
    fn clone(&self) -> Self {
        assert!(!self.1, "bang");
        Touchy(self.0.clone(), false)
    }
}
impl Drop for Touchy {
    fn drop(&mut self) {
        assert!(!self.1, "bang");
    }
}

#[test]
fn a_clone_or_a_drop_that_panics_harms_nobody() {
    let alive = Alive::default();
    let (mut s, mut w) = latest::ends(latest::Latest::<Touchy, 3>::boxed());
    for bang in [true, false, true, true, false] {
        assert!(s.set(Touchy(alive.one(), bang)).is_ok());
        assert_eq!(catch_unwind(AssertUnwindSafe(|| w.pop().is_some())).is_err(), bang);
        assert!(w.pop().is_none(), "it counts as popped");
        assert_eq!(alive.get(), 1);
    }
    assert_eq!(Reader::popped(&w), 5);
    drop((s, w));
    assert_eq!(alive.get(), 0);
}

#[test]
fn a_thread_parks_until_there_is_room() {
    let (tx, mut rx) = mpmc::ends(mpmc::Mpmc::<u8, 1>::boxed());
    tx.send_blocking(1).unwrap();
    std::thread::scope(|s| {
        let accepted = s.spawn(|| {
            let mut accepted = false;
            tx.send_blocking_with(2, || accepted = true).unwrap();
            accepted
        });
        // It sleeps: there is no room.
        while !rx.peer_asleep() {
            std::thread::yield_now();
        }
        assert_eq!(rx.pop(), Some(1));
        rx.release();
        assert!(accepted.join().unwrap());
    });
    assert_eq!(rx.pop(), Some(2));
    drop(rx);
    assert_eq!(tx.send_blocking(3), Err(PushError::Closed(3)));
}

#[test]
fn threads_send_and_receive_one_by_one() {
    let (mut tx, mut rx) = spsc::split(spsc::Spsc::<u32, 2>::boxed()).unwrap();
    let records = if cfg!(miri) { 20 } else { 2000 };
    std::thread::scope(|s| {
        s.spawn(move || (0..records).for_each(|i| tx.send_blocking(i).unwrap()));
        assert!(std::iter::from_fn(|| rx.recv_blocking()).eq(0..records));
    });
}
