//! The two places to sleep, by themselves: a waker is seen whole, a change is never slept through.

use core::future::poll_fn;
use core::task::{Context, Poll, Waker};
use std::task::Wake;

use loom::future::block_on;
use loom::thread::{spawn, yield_now};

use super::super::sync::{Arc, AtomicUsize, Ordering::*, handshake};
use super::super::wait::Wait;
use super::super::waiters::{Seat, Sleep, Waiters};
use super::holds;

/// One who sleeps until `news`, and what wakes it.
struct Bed<W> {
    news: AtomicUsize,
    wait: W,
}

fn tell(bed: &Bed<Wait>) {
    bed.news.fetch_add(1, Relaxed);
    handshake();
    if bed.wait.is_waiting() {
        bed.wait.wake();
    }
}

/// Sleeps until there are so many news; with wakers that change, as those of a task that moves do.
async fn sleep(bed: &Bed<Wait>, news: usize) {
    poll_fn(|cx| {
        // SAFETY: this thread alone sleeps here.
        let registered = unsafe { bed.wait.register(Waker::noop()) && bed.wait.register(cx.waker()) };
        if bed.news.load(Relaxed) >= news {
            // SAFETY: as above.
            unsafe { bed.wait.unregister() };
            return Poll::Ready(());
        }
        if !registered {
            yield_now();
            cx.waker().wake_by_ref();
        }
        Poll::Pending
    })
    .await;
}

fn bed<W>(wait: W) -> Arc<Bed<W>> {
    Arc::new(Bed {
        news: AtomicUsize::new(0),
        wait,
    })
}

#[test]
fn one_sleeper_and_two_who_wake_it() {
    let twins = [
        "store ring/wait.rs",
        "load ring/wait.rs",
        "exchange ring/wait.rs",
        "fence ring/wait.rs",
        "fence model/sleepers.rs",
    ];
    holds(2, 100, &twins, || {
        let one = bed(Wait::new());
        let (two, three) = (one.clone(), one.clone());
        let sleeper = spawn(move || block_on(sleep(&one, 2)));
        let first = spawn(move || tell(&two));
        let second = spawn(move || tell(&three));
        first.join().unwrap();
        second.join().unwrap();
        sleeper.join().unwrap();
    });
}

/// A waker whose drop and call are seen by the model.
struct Seen(AtomicUsize);
impl Wake for Seen {
    fn wake(self: std::sync::Arc<Self>) {
        self.0.fetch_add(1, Relaxed);
    }
}

/// Whoever is called and leaves passes it on: there is one call for two sleepers, and it comes through.
#[test]
fn a_sleeper_that_leaves_passes_its_call_on() {
    let twins = ["fence ring/waiters.rs", "fence model/sleepers.rs"];
    holds(2, 100, &twins, || {
        let one = bed(Waiters::new());
        let (two, three) = (one.clone(), one.clone());
        let leaver = spawn(move || {
            let seat = Box::new(Seat::new());
            let waker = Waker::from(std::sync::Arc::new(Seen(AtomicUsize::new(0))));
            // SAFETY: the seat stays in its box, serves this list, and has left at the end.
            unsafe {
                if one.wait.enlist(&seat, &waker, 1) == Sleep::Enlisted && one.wait.leave(&seat) == Sleep::Called(1) {
                    one.wait.wake(1);
                }
            }
        });
        let sleeper = spawn(move || {
            let seat = Box::new(Seat::new());
            block_on(poll_fn(|cx: &mut Context<'_>| {
                // SAFETY: as above.
                unsafe {
                    while two.wait.enlist(&seat, cx.waker(), 1) != Sleep::Enlisted {}
                    if two.news.load(Relaxed) == 0 {
                        return Poll::Pending;
                    }
                    two.wait.leave(&seat);
                }
                Poll::Ready(())
            }));
        });
        let teller = spawn(move || {
            three.news.store(1, Relaxed);
            handshake();
            if three.wait.is_waiting() {
                three.wait.wake(1);
            }
        });
        teller.join().unwrap();
        leaver.join().unwrap();
        sleeper.join().unwrap();
    });
}
