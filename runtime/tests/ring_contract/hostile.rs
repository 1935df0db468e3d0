//! Ends in the hands of who means no good, and is only kept by the compiler: records that call their own ring from `Drop` and `Clone`, ends
//! that are never dropped, futures that wander.

use crate::tools::*;
use forebay::ring::latest::{self, Latest};
use forebay::ring::mailbox::{self, Mailbox};
use forebay::ring::mpmc::{Mpmc, Permit, Sender, Sending, ends};
use forebay::ring::spsc::{Spsc, split};
use forebay::ring::{PushError, Reader, Writer, broadcast};
use std::any::Any;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, OnceLock};
use std::task::{Context, Waker};

/// What is here is never dropped, as what was forgotten; and it does not count as leaked.
fn forget(x: impl Any + Send) {
    static FORGOTTEN: Mutex<Vec<Box<dyn Any + Send>>> = Mutex::new(Vec::new());
    FORGOTTEN.lock().unwrap().push(Box::new(x));
}

/// When it goes, it puts another one of its kind where it has been.
struct Hydra(Box<u32>, Option<Sender<Hydra, 2>>);
impl Drop for Hydra {
    fn drop(&mut self) {
        let heads = *self.0;
        if let Some(ring) = self.1.take()
            && heads > 0
        {
            let next = Hydra(Box::new(heads - 1), Some(ring.clone()));
            if let Err(refused) = ring.push_evict(next, || {}, drop) {
                refused.into_inner().1 = None;
            }
        }
    }
}

#[test]
fn a_record_that_is_evicted_may_push_its_like() {
    let (w, mut r) = ends(Mpmc::<Hydra, 2>::boxed());
    for _ in 0..3 {
        let _ = w.push_evict(Hydra(Box::new(5), Some(w.clone())), || {}, drop);
    }
    let mut taken = 0;
    while let Some(mut hydra) = r.pop() {
        taken += 1;
        // Every second one is tamed.
        if taken % 2 == 0 {
            hydra.1 = None;
        }
        drop(hydra);
        r.release();
        assert!(r.len() <= 2 && taken < 1000);
    }
    assert!(taken >= 2);
}

/// When it goes, it looks what is there now, and says so.
struct Peeks(Box<usize>, Arc<Mutex<Option<mailbox::Receiver<Peeks>>>>);
impl Drop for Peeks {
    fn drop(&mut self) {
        if let Ok(mut inbox) = self.1.try_lock()
            && let Some(inbox) = &mut *inbox
        {
            assert!(inbox.pop().is_none_or(|newer| newer.0 > self.0), "never an older one");
        }
    }
}

#[test]
fn a_record_that_is_overwritten_may_take_what_came_after_it() {
    let (mut s, r) = mailbox::ends(Mailbox::<Peeks>::boxed());
    let inbox = Arc::new(Mutex::new(None));
    *inbox.lock().unwrap() = Some(r);
    for i in 0..10 {
        assert!(Writer::push(&mut s, Peeks(Box::new(i), inbox.clone())).is_ok());
    }
    drop(s);
    let last = inbox.lock().unwrap().take();
    drop(last);
}

/// Whoever is called while a record is cloned.
type Meddler<T> = Arc<Mutex<Option<Box<dyn FnMut() -> T + Send>>>>;

/// While it is cloned it lets another one meddle.
struct Meddled(Box<usize>, Meddler<()>);
impl Clone for Meddled {
    fn clone(&self) -> Self {
        let before = *self.0;
        if let Ok(mut meddler) = self.1.try_lock()
            && let Some(meddle) = &mut *meddler
        {
            meddle();
        }
        assert_eq!(*self.0, before, "it is still there, and the same");
        Meddled(self.0.clone(), self.1.clone())
    }
}

#[test]
fn while_a_record_is_cloned_its_ring_may_be_flooded() {
    fn go<const N: usize>() {
        let meddler: Meddler<()> = Arc::default();
        let (mut w, mut r) = broadcast::split(broadcast::Broadcast::<Meddled, N>::boxed()).unwrap();
        let mut next = 0;
        let none: Meddler<()> = Arc::default();
        let mut push = move |by: &Meddler<()>| {
            assert!(w.push(Meddled(Box::new(next), by.clone())).is_ok());
            w.publish();
            next += 1;
        };
        push(&meddler);
        *meddler.lock().unwrap() = Some(Box::new(move || (0..3 * N).for_each(|_| push(&none))));
        let first = r.pop().unwrap();
        assert_eq!(*first.0, 0);
        let mut seen = 1;
        while let Some(record) = r.pop() {
            assert!(*record.0 > 0);
            seen += 1;
        }
        assert_eq!(seen + r.take_lost() as usize, 1 + 3 * N);
        let gone = meddler.lock().unwrap().take();
        drop(gone);
    }
    go::<1>();
    go::<32>();
}

#[test]
fn while_a_value_is_cloned_or_dropped_others_may_set_it() {
    let meddler: Meddler<()> = Arc::default();
    let (mut s, mut w) = latest::ends(Latest::<Meddled, 4>::boxed());
    let none: Meddler<()> = Arc::default();
    assert!(s.set(Meddled(Box::new(0), meddler.clone())).is_ok());
    let mut other = s.clone();
    let mut next = 0;
    *meddler.lock().unwrap() = Some(Box::new(move || {
        for _ in 0..5 {
            next += 1;
            assert!(other.set(Meddled(Box::new(next), none.clone())).is_ok());
        }
    }));
    assert_eq!(*w.pop().unwrap().0, 0);
    assert_eq!((*w.pop().unwrap().0, w.take_lost()), (5, 4));
    let gone = meddler.lock().unwrap().take();
    drop(gone);
}

/// A run, and a chunk, go on though the other end is used up, or dropped, in the midst of them.
#[test]
fn the_other_end_may_do_what_it_likes_while_records_are_taken() {
    let (mut w, mut r) = split(Spsc::<Box<usize>, 4>::boxed_at(usize::MAX)).unwrap();
    let mut next = 0;
    let mut fill = |w: &mut forebay::ring::spsc::Producer<Box<usize>, 4>| {
        while w.push(Box::new(next)).is_ok() {
            next += 1;
        }
        w.publish();
    };
    fill(&mut w);
    let mut taken = Vec::new();
    for i in r.run(2) {
        taken.push(*i);
        // There is no room before the slots are given back.
        fill(&mut w);
    }
    r.release();
    let mut w = Some(w);
    r.pop_each(4, |i| {
        taken.push(*i);
        if let Some(mut w) = w.take() {
            fill(&mut w);
        }
        true
    });
    r.pop_each(4, |i| {
        taken.push(*i);
        true
    });
    assert_eq!(taken, Vec::from_iter(0..6));
    assert!(r.is_ended());
}

/// What is never dropped keeps what it holds, and nothing else.
#[test]
fn ends_that_are_forgotten_hold_nobody_up() {
    let (mut s, mut w) = latest::ends(Latest::<Box<usize>, 5>::boxed());
    s.set(Box::new(0)).unwrap();
    let mut held = w.clone();
    assert!(held.get().is_some());
    forget(held);
    for i in 1..10 {
        s.set(Box::new(i)).unwrap();
    }
    assert_eq!(w.pop(), Some(Box::new(9)));
    forget((s, w));

    let (mut p, mut r) = broadcast::split(broadcast::Broadcast::<Box<usize>, 32>::boxed()).unwrap();
    p.push(Box::new(0)).unwrap();
    p.push(Box::new(1)).unwrap();
    p.publish();
    let mut pinned = r.clone();
    assert_eq!(pinned.pop(), Some(Box::new(0)));
    forget(pinned);
    for i in 2..100 {
        p.push(Box::new(i)).unwrap();
    }
    p.publish();
    let seen = std::iter::from_fn(|| r.pop()).count();
    assert_eq!(seen + r.take_lost() as usize, 100);
    forget((p, r));
}

/// A push that waits and is forgotten keeps the slot that it is promised; those before and behind it in the list come and go.
#[test]
fn a_push_that_is_forgotten_keeps_no_more_than_its_slot() {
    static SENDER: OnceLock<Sender<Box<usize>, 2>> = OnceLock::new();
    let (w, mut r) = ends(Mpmc::<Box<usize>, 2>::boxed());
    let w = SENDER.get_or_init(|| w);
    w.try_push(Box::new(0)).unwrap();
    w.try_push(Box::new(1)).unwrap();
    let wait = |i| {
        let mut push: Pin<Box<Sending<'static, Box<usize>, 2>>> = Box::pin(w.send(Box::new(i)));
        assert!(push.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        push
    };
    let (before, forgotten, behind) = (wait(2), wait(3), wait(4));
    forget(forgotten);
    drop(before);
    assert_eq!(r.pop(), Some(Box::new(0)));
    r.release();
    // That slot is the forgotten one's; the next is for who comes behind it, on whatever thread.
    let mut behind = behind;
    assert!(behind.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
    assert_eq!(r.pop(), Some(Box::new(1)));
    r.release();
    let behind = std::thread::spawn(move || block_on(behind));
    assert_eq!(behind.join().unwrap(), Ok(()));
    assert_eq!(r.pop(), Some(Box::new(4)));
    r.release();
    let permit: Permit<'static, _, 2> = w.try_reserve().expect("one is left");
    assert!(matches!(w.try_push(Box::new(5)), Err(PushError::Full(_))));
    forget(permit);
    assert!(matches!(w.push_evict(Box::new(6), || {}, drop), Err(PushError::Full(_))));
    r.close();
    assert!(w.is_closed());
}
