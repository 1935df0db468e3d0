//! The timers of threads that serve none: those of callers who wait for a pipeline of threads from elsewhere.

use std::sync::{Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::task::Waker;
use std::time::Instant;

use super::thread::spawn_thread;

struct Timer {
    id: u64,
    at: Instant,
    waker: Waker,
}

static TIMERS: Mutex<Vec<Timer>> = Mutex::new(Vec::new());
/// A timer was set.
static CHANGED: Condvar = Condvar::new();

fn timers() -> MutexGuard<'static, Vec<Timer>> {
    TIMERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Sets the timer `id`, or sets it anew: `waker` is woken at `at`, by a thread that the first timer starts and that stays.
///
/// Should the system give no thread for it, `waker` is woken at once, and its task asks the clock itself.
pub(super) fn set(id: u64, at: Instant, waker: &Waker) {
    static WORKS: OnceLock<bool> = OnceLock::new();
    if !WORKS.get_or_init(|| spawn_thread("timers", serve).is_ok()) {
        return waker.wake_by_ref();
    }
    let waker = waker.clone();
    let earlier = {
        let mut timers = timers();
        let place = timers.iter().position(|timer| timer.id == id);
        let earlier = place.map(|place| timers.swap_remove(place));
        timers.push(Timer { id, at, waker });
        earlier
    };
    CHANGED.notify_one();
    // A waker may run anything when it is dropped: the list is free by then.
    drop(earlier);
}

/// Forgets the timer `id`, if it is set here.
pub(super) fn forget(id: u64) {
    let forgotten = {
        let mut timers = timers();
        let place = timers.iter().position(|timer| timer.id == id);
        place.map(|place| timers.swap_remove(place))
    };
    drop(forgotten);
}

fn serve() {
    let mut held = timers();
    loop {
        let now = Instant::now();
        let earliest = held.iter().enumerate().min_by_key(|(_, timer)| timer.at);
        held = match earliest.map(|(place, timer)| (place, timer.at)) {
            Some((place, at)) if at <= now => {
                let due = held.swap_remove(place);
                drop(held);
                crate::ring::rouse(due.waker);
                timers()
            }
            Some((_, at)) => {
                let woken = CHANGED.wait_timeout(held, at - now);
                woken.unwrap_or_else(PoisonError::into_inner).0
            }
            None => CHANGED.wait(held).unwrap_or_else(PoisonError::into_inner),
        };
    }
}
