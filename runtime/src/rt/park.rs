//! One future on one thread, which sleeps while the future waits.

use std::cell::Cell;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::time::Instant;

use super::timers;
use crate::ring::sync::Ordering::{Acquire, Release};
use crate::ring::sync::{AtomicBool, Thread, current, park, park_timeout};

/// How a thread sleeps until a waker or a timer wants it.
struct Parker {
    thread: Thread,
    notified: AtomicBool,
}

impl Wake for Parker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // Only the first of several wake-ups has a thread to unpark.
        if !self.notified.swap(true, Release) {
            self.thread.unpark();
        }
    }
}

impl Parker {
    fn new() -> Arc<Parker> {
        Arc::new(Parker {
            thread: current(),
            notified: AtomicBool::new(false),
        })
    }

    /// Sleeps until notified. Timers are looked at once in any case: a task that never waits must not hold them up.
    fn park(&self) {
        let mut next = timers::fire();
        while !self.notified.swap(false, Acquire) {
            match next {
                None => park(),
                Some(at) => park_timeout(at.saturating_duration_since(Instant::now())),
            }
            next = timers::fire();
        }
    }
}

thread_local! {
    /// One parker a thread, made when it first blocks: later calls allocate nothing.
    static PARKER: (Arc<Parker>, Waker) = {
        let parker = Parker::new();
        (parker.clone(), Waker::from(parker))
    };
    /// How many calls of [`block_on`] are under way on this thread.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

/// One call of [`block_on`], from its start to its end or unwinding.
struct Call {
    parker: Arc<Parker>,
    waker: Waker,
}

impl Call {
    fn start() -> Call {
        // While a thread ends its cell is gone; a destructor that blocks then gets a parker of its own.
        let (parker, waker) = PARKER
            .try_with(|(parker, waker)| (parker.clone(), waker.clone()))
            .unwrap_or_else(|_| {
                let parker = Parker::new();
                (parker.clone(), Waker::from(parker))
            });
        let _ = DEPTH.try_with(|depth| depth.set(depth.get() + 1));
        Call { parker, waker }
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        let outer = DEPTH.try_with(|depth| depth.replace(depth.get() - 1) > 1).unwrap_or(false);
        if outer {
            // A wake-up for the outer call may have ended in this one: it looks again.
            self.parker.notified.store(true, Release);
        }
    }
}

/// This thread runs [`block_on`], so it serves timers.
pub(super) fn is_blocking_on() -> bool {
    DEPTH.try_with(|depth| depth.get() > 0).unwrap_or(false)
}

/// Runs a future on this thread, which sleeps while the future waits. Allocates only at the first call on a thread.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let call = Call::start();
    let mut cx = Context::from_waker(&call.waker);
    loop {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
        call.parker.park();
    }
}

#[cfg(all(test, forebay_loom))]
#[path = "park_model.rs"]
mod model;
