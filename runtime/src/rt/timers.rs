//! The timers of one thread: those of the futures that it blocks on.

use std::cell::RefCell;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::task::Waker;
use std::time::Instant;

/// Timers are few (a tick, a deadline, some timeouts), so they are a list. Up to this many cost no allocation later.
const ROOM: usize = 64;

struct Timer {
    id: u64,
    at: Instant,
    waker: Waker,
}

thread_local! {
    static TIMERS: RefCell<Vec<Timer>> = RefCell::new(Vec::with_capacity(ROOM));
}

/// A name for a timer: no two have the same, on whatever thread they are.
pub(super) fn new_id() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    NEXT.fetch_add(1, Relaxed)
}

/// Sets the timer `id` of this thread, or sets it anew: `waker` is woken at `at`.
pub(super) fn set(id: u64, at: Instant, waker: &Waker) {
    let timer = Timer {
        id,
        at,
        waker: waker.clone(),
    };
    let earlier = TIMERS.with_borrow_mut(|timers| match timers.iter_mut().find(|timer| timer.id == id) {
        Some(earlier) => Some(std::mem::replace(earlier, timer)),
        None => {
            timers.push(timer);
            None
        }
    });
    // A waker may run anything when it is dropped: the list is free by then.
    drop(earlier);
}

/// Forgets the timer `id`, if this thread has it.
pub(super) fn forget(id: u64) {
    let forgotten = TIMERS.try_with(|timers| {
        let mut timers = timers.borrow_mut();
        let at = timers.iter().position(|timer| timer.id == id)?;
        Some(timers.swap_remove(at))
    });
    drop(forgotten);
}

/// Has this thread a timer set?
#[cfg(test)]
pub(super) fn any() -> bool {
    TIMERS.with_borrow(|timers| !timers.is_empty())
}

/// Wakes every timer that is due and gives the instant of the next one.
pub(super) fn fire() -> Option<Instant> {
    if TIMERS.try_with(|timers| timers.borrow().is_empty()).unwrap_or(true) {
        return None; // without reading the clock
    }
    let now = Instant::now();
    loop {
        let (due, next) = TIMERS.with_borrow_mut(|timers| {
            // The earliest first: a thread that was held up finds several due.
            match timers.iter().enumerate().min_by_key(|(_, timer)| timer.at) {
                Some((at, timer)) if timer.at <= now => (Some(timers.swap_remove(at)), None),
                earliest => (None, earliest.map(|(_, timer)| timer.at)),
            }
        });
        match due {
            Some(timer) => timer.waker.wake(),
            None => return next,
        }
    }
}
