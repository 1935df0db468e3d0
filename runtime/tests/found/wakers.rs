//! Wakers that do more than wake: they panic, or end the pipeline.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::SeqCst;
use std::time::Duration;

use crate::{Plain, PlainHandle};

/// Does something when it is woken.
struct Does<F>(F);

impl<F: Fn() + Send + Sync + 'static> std::task::Wake for Does<F> {
    fn wake(self: Arc<Self>) {
        self.0()
    }
}

fn poll_once(future: std::pin::Pin<&mut impl Future>, does: impl Fn() + Send + Sync + 'static) {
    let waker = std::task::Waker::from(Arc::new(Does(does)));
    assert!(future.poll(&mut std::task::Context::from_waker(&waker)).is_pending());
}

/// As many as there is room for while nobody reads: two in each ring, and one that the segment holds. The next number.
fn fill(numbers: &forebay::Input<u64, 2>) -> u64 {
    let mut n = 0;
    while n < 5 {
        n += u64::from(numbers.try_send(n).is_ok());
    }
    n
}

#[test]
fn a_waker_that_ended_the_pipeline_while_it_closed_hung() {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let PlainHandle {
            numbers,
            all: _unread,
            control,
        } = Plain::builder().start_threads().unwrap();
        let n = fill(&numbers);
        let mut waits = std::pin::pin!(numbers.send(n));
        let aborts = control.clone();
        poll_once(waits.as_mut(), move || drop(aborts.abort()));
        let ledger = control.drain_blocking();
        let _ = tell.send(ledger.check().is_ok());
    });
    assert_eq!(told.recv_timeout(Duration::from_secs(20)), Ok(true));
}

#[test]
fn a_waker_that_panicked_ended_the_pipeline() {
    let PlainHandle {
        numbers,
        mut all,
        control,
    } = Plain::builder().start_threads().unwrap();
    poll_once(std::pin::pin!(all.recv()), || panic!("not now"));
    numbers.send_blocking(7).unwrap();
    drop(numbers);
    while all.is_empty() {
        std::thread::yield_now();
    }
    assert_eq!((all.recv_blocking(), all.recv_blocking()), (Some(7), None));
    control.finished_blocking().check().unwrap();
}

#[test]
fn a_waker_that_panicked_kept_the_next_from_being_woken() {
    let PlainHandle { numbers, all, control } = Plain::builder().start_threads().unwrap();
    let n = fill(&numbers);
    let (mut one, mut two) = (Box::pin(numbers.send(n)), Box::pin(numbers.send(n + 1)));
    let woken = Arc::new(AtomicUsize::new(0));
    let seen = woken.clone();
    poll_once(one.as_mut(), || panic!("not now"));
    poll_once(two.as_mut(), move || {
        seen.fetch_add(1, SeqCst);
    });
    let drained = control.drain();
    drop((one, two, all));
    drained.wait_blocking().check().unwrap();
    assert_eq!(woken.load(SeqCst), 1);
}
