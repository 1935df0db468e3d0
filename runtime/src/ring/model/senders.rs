//! Several senders: who waits is called, and who goes away passes its call on.

use core::task::{Context, Poll, Waker};

use loom::future::block_on;
use loom::thread::spawn;

use super::super::mpmc;
use super::{HANDSHAKE, drain, holds};

#[test]
fn two_senders_wait_for_one_slot() {
    holds(1, 100, &[HANDSHAKE], || {
        let (a, mut r) = mpmc::ends(mpmc::Mpmc::<usize, 1>::boxed());
        a.try_push(0).unwrap();
        let b = a.clone();
        let one = spawn(move || block_on(a.push(1)).unwrap());
        let two = spawn(move || block_on(b.push(2)).unwrap());
        let mut all = block_on(drain(&mut r));
        all.sort_unstable();
        assert_eq!(all, [0, 1, 2]);
        one.join().unwrap();
        two.join().unwrap();
    });
}

#[test]
fn a_cancelled_push_passes_its_slot_on() {
    holds(1, 20, &[], || {
        let (a, mut r) = mpmc::ends(mpmc::Mpmc::<usize, 1>::boxed());
        a.try_push(0).unwrap();
        let b = a.clone();
        let cancelled = spawn(move || {
            let mut push = Box::pin(a.push(1));
            match push.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                Poll::Ready(done) => usize::from(done.is_ok()),
                Poll::Pending => 0,
            }
        });
        let kept = spawn(move || block_on(b.push(2)).unwrap());
        let all = block_on(drain(&mut r));
        kept.join().unwrap();
        assert_eq!(all.len(), 2 + cancelled.join().unwrap());
    });
}
