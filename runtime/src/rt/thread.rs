//! A runtime without a runtime: every task has an OS thread.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::thread;
use std::time::Instant;

use super::{Rt, block_on, clerk, park, timers};

/// One OS thread a task: for foreign functions, for latency, and where there is no tokio.
#[derive(Debug, Clone, Copy, Default)]
pub struct ThreadRt;

impl Rt for ThreadRt {
    type Sleep = ThreadSleep;

    fn spawn(&self, name: &str, task: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        spawn_thread(name, move || block_on(task))
    }

    fn spawn_blocking(&self, name: &str, task: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        self.spawn(name, task)
    }

    fn now(&self) -> Instant {
        Instant::now()
    }

    fn sleep_until(&self, at: Instant) -> ThreadSleep {
        ThreadSleep {
            at,
            id: None,
            elsewhere: false,
        }
    }
}

/// A thread that nobody joins: what it does ends by itself.
pub(super) fn spawn_thread(name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<()> {
    thread::Builder::new().name(name.to_owned()).spawn(run).map(drop)
}

/// Resolves at an instant: on the threads of [`ThreadRt`] by themselves, elsewhere by a thread that is started for it once.
///
/// Dropping it forgets the timer.
#[derive(Debug)]
#[must_use = "a sleep does nothing unless it is awaited"]
pub struct ThreadSleep {
    at: Instant,
    /// Set once a thread has the timer. If it moves to another thread it is set there too, and the old one wakes in vain.
    id: Option<u64>,
    /// It was set where nobody serves timers.
    elsewhere: bool,
}

impl Future for ThreadSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if self.at <= Instant::now() {
            return Poll::Ready(());
        }
        let id = *self.id.get_or_insert_with(timers::new_id);
        match park::is_blocking_on() {
            true => timers::set(id, self.at, cx.waker()),
            false => {
                self.elsewhere = true;
                clerk::set(id, self.at, cx.waker());
            }
        }
        Poll::Pending
    }
}

impl Drop for ThreadSleep {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            timers::forget(id);
            if self.elsewhere {
                clerk::forget(id);
            }
        }
    }
}
