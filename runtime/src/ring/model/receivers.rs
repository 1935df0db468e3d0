//! Several receivers: they share what there is, who goes away passes its call on, and all learn of the end.

use core::future::poll_fn;
use core::task::{Context, Waker};

use loom::future::block_on;
use loom::thread::spawn;

use super::super::{Writer, mpmc};
use super::{drain, holds};

const WAITING: [&str; 2] = ["fence mpmc/mod.rs", "fence ring/waiters.rs"];

#[test]
fn two_receivers_share_and_both_learn_of_the_end() {
    holds(2, 100, &WAITING, || {
        let (mut w, mut a) = mpmc::ends(mpmc::Mpmc::<usize, 2>::boxed());
        let mut b = a.clone();
        let one = spawn(move || block_on(drain(&mut a)).len());
        let two = spawn(move || block_on(drain(&mut b)).len());
        // With a thread of its own this would take too long.
        assert!(Writer::push(&mut w, 1).is_ok());
        w.publish();
        drop(w);
        assert_eq!(one.join().unwrap() + two.join().unwrap(), 1);
    });
}

/// A receiver enlists, and stops waiting, at whatever moment: the call that may have come for it is the other's. The sender
/// stays, so nothing but that call tells of the record.
fn goes_away(leave: impl Fn(mpmc::Receiver<usize, 2>) -> Option<mpmc::Receiver<usize, 2>> + Send + 'static) {
    let (w, mut a) = mpmc::ends(mpmc::Mpmc::<usize, 2>::boxed());
    let mut b = a.clone();
    let goes = spawn(move || {
        let ready = a.poll_ready(&mut Context::from_waker(Waker::noop()));
        let took = ready.is_ready() && a.pop().is_some();
        (took, leave(a))
    });
    let stays = spawn(move || {
        block_on(async {
            loop {
                assert_ne!(poll_fn(|cx| b.poll_ready(cx)).await, 0);
                // Seen is not taken: the other may have been quicker.
                if b.pop().is_some() {
                    return;
                }
            }
        });
        b
    });
    let writer = spawn(move || {
        w.try_push(1).unwrap();
        w
    });
    let w = writer.join().unwrap();
    let (took, _a) = goes.join().unwrap();
    if took {
        // The other waits for a record of its own.
        w.try_push(2).unwrap();
    }
    let _b = stays.join().unwrap();
}

#[test]
fn a_receiver_that_stops_waiting_passes_its_call_on() {
    holds(2, 100, &WAITING, || {
        goes_away(|mut a| {
            a.unwait();
            Some(a)
        });
    });
}

#[test]
fn a_receiver_that_is_dropped_passes_its_call_on() {
    holds(2, 100, &WAITING, || goes_away(|_| None));
}
