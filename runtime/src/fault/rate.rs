//! `rate: 100 per 1s`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::ring::sync::Ordering::Relaxed;
use crate::ring::sync::{AtomicU64, AtomicUsize};

/// The rate of a node: one for all its workers. In no stretch of time as long as its span are there more calls than it allows.
///
/// It has as many permits as calls, and each of them is used once a span: so any stretch that long has each permit once at most.
/// A permit is one number, the time at which it is free, so that workers take them without a lock.
pub struct Rate {
    permits: Box<[AtomicU64]>,
    /// Whose turn it is. Any order is right; this one finds the permit that is free first.
    turn: AtomicUsize,
    start: Instant,
    span: u64,
}

/// A permit to call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Permit {
    at: usize,
    /// From when.
    pub(crate) from: Instant,
}

impl Rate {
    /// So many calls in each span; `start` is now.
    pub fn new(most: u32, span: Duration, start: Instant) -> Arc<Self> {
        Arc::new(Rate {
            permits: (0..most).map(|_| AtomicU64::new(0)).collect(),
            turn: AtomicUsize::new(0),
            start,
            span: u64::try_from(span.as_nanos()).unwrap_or(u64::MAX),
        })
    }

    fn nanos(&self, at: Instant) -> u64 {
        at.saturating_duration_since(self.start).as_nanos() as u64
    }

    /// Takes the next permit, unless it is free after `late` only: then it is left to others, whose time it may be.
    pub(crate) fn take(&self, now: Instant, late: Option<Instant>) -> Option<Permit> {
        let at = self.turn.fetch_add(1, Relaxed) % self.permits.len();
        let (now, late) = (self.nanos(now), late.map(|late| self.nanos(late)));
        let mut free = self.permits[at].load(Relaxed);
        loop {
            let from = free.max(now);
            if late.is_some_and(|late| late < from) {
                self.turn.fetch_sub(1, Relaxed);
                return None;
            }
            match self.permits[at].compare_exchange_weak(free, from.saturating_add(self.span), Relaxed, Relaxed) {
                Ok(_) => {
                    let from = self.start + Duration::from_nanos(from);
                    return Some(Permit { at, from });
                }
                Err(other) => free = other,
            }
        }
    }

    /// It is used now, which may be later than it could have been: the span begins now.
    pub(crate) fn used(&self, permit: Permit, now: Instant) {
        self.permits[permit.at].fetch_max(self.nanos(now).saturating_add(self.span), Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When so many calls may be made that are asked for at these milliseconds.
    fn calls(rate: &Rate, asked: impl IntoIterator<Item = u64>) -> Vec<u128> {
        let start = rate.start;
        let calls = asked
            .into_iter()
            .map(|at| rate.take(start + Duration::from_millis(at), None).unwrap());
        calls.map(|permit| (permit.from - start).as_millis()).collect()
    }

    #[test]
    fn no_span_has_more_calls_than_that() {
        let rate = Rate::new(3, Duration::from_secs(1), Instant::now());
        assert_eq!(
            calls(&rate, [0, 0, 100, 200, 300, 400, 500]),
            [0, 0, 100, 1000, 1000, 1100, 2000]
        );
        // What was not used is not saved up.
        assert_eq!(calls(&rate, [9000; 7]), [9000, 9000, 9000, 10_000, 10_000, 10_000, 11_000]);
    }

    #[test]
    fn what_is_used_late_is_free_late() {
        let rate = Rate::new(1, Duration::from_secs(1), Instant::now());
        let start = rate.start;
        let first = rate.take(start, None).unwrap();
        rate.used(first, start + Duration::from_millis(300));
        assert_eq!(calls(&rate, [400]), [1300]);
    }

    #[test]
    fn who_would_be_late_takes_no_permit() {
        let rate = Rate::new(2, Duration::from_secs(1), Instant::now());
        let start = rate.start;
        let late = |millis| Some(start + Duration::from_millis(millis));
        assert_eq!(calls(&rate, [0, 100]), [0, 100]);
        for _ in 0..100 {
            assert!(rate.take(start + Duration::from_millis(200), late(900)).is_none());
        }
        assert!(rate.take(start + Duration::from_millis(200), late(1000)).is_some());
        assert_eq!(calls(&rate, [300]), [1100]);
    }

    #[test]
    fn threads_share_it() {
        let rate = Rate::new(2, Duration::from_secs(1), Instant::now());
        let mut all: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| calls(&rate, [0; 50]))).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
        });
        all.sort_unstable();
        // Two in each second, whoever asked.
        assert!(all.windows(3).all(|calls| calls[2] - calls[0] >= 1000), "{all:?}");
        assert_eq!(all.len(), 200);
    }
}

#[cfg(all(test, forebay_loom))]
#[path = "rate_model.rs"]
mod model;
