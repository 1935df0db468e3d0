//! `breaker: 5 in 30s`.

use std::collections::VecDeque;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The breaker of a node: one for all its workers.
///
/// *Closed*, it lets every call through, and remembers the last failures; as many as it bears within its span open it. *Open*, it lets nothing
/// through for as long as its span. Then it is *half open*: one call at a time may try; with each that succeeds twice as many
/// may try at once, until as many have succeeded as it bears failures, and it is closed again. One that fails opens it anew.
///
/// The pattern is that of Michael Nygard, "Release It!", 2007.
pub struct Breaker {
    /// It is not closed. While it is closed a call costs one look at this, and its success nothing.
    tripped: AtomicBool,
    state: Mutex<State>,
    most: usize,
    span: Duration,
}

struct State {
    phase: Phase,
    /// How often it has been opened: what was let through earlier says nothing of now.
    round: u64,
}

enum Phase {
    /// The last failures, the oldest first.
    Closed(VecDeque<Instant>),
    Open {
        until: Instant,
    },
    HalfOpen {
        /// How many may try at once.
        room: usize,
        trying: usize,
        succeeded: usize,
    },
}

/// A call that was let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pass {
    /// As any other.
    Free,
    /// To see how it goes.
    Probe { round: u64 },
}

/// How a call that was let through has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Succeeded,
    Failed,
    /// It says nothing.
    Cut,
}

impl Breaker {
    /// One that opens at the `most`th failure within `span`.
    pub fn new(most: u32, span: Duration) -> Arc<Self> {
        let most = most as usize;
        Arc::new(Breaker {
            tripped: AtomicBool::new(false),
            state: Mutex::new(State {
                phase: Phase::Closed(VecDeque::with_capacity(most)),
                round: 0,
            }),
            most,
            span,
        })
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It lets nothing through, or only a few.
    pub(crate) fn is_tripped(&self) -> bool {
        self.tripped.load(Acquire)
    }

    /// Whether a call is let through. The time is asked for only when it is not closed.
    #[inline]
    pub(crate) fn enter(&self, now: impl FnOnce() -> Instant) -> Option<Pass> {
        match self.is_tripped() {
            false => Some(Pass::Free),
            true => self.probe(now()),
        }
    }

    #[cold]
    fn probe(&self, now: Instant) -> Option<Pass> {
        let mut state = self.lock();
        let round = state.round;
        match &mut state.phase {
            Phase::Closed(_) => return Some(Pass::Free),
            Phase::Open { until } if now < *until => return None,
            Phase::Open { .. } => {
                let (room, trying, succeeded) = (1, 1, 0);
                state.phase = Phase::HalfOpen { room, trying, succeeded };
            }
            Phase::HalfOpen { room, trying, .. } if *trying < *room => *trying += 1,
            Phase::HalfOpen { .. } => return None,
        }
        Some(Pass::Probe { round })
    }

    /// A call that was let through has ended.
    #[inline]
    pub(crate) fn leave(&self, pass: Pass, outcome: Outcome, now: impl FnOnce() -> Instant) {
        if pass != Pass::Free || outcome == Outcome::Failed {
            self.told(pass, outcome, now());
        }
    }

    #[cold]
    fn told(&self, pass: Pass, outcome: Outcome, now: Instant) {
        let mut state = self.lock();
        let this_round = pass == Pass::Probe { round: state.round };
        match (&mut state.phase, outcome) {
            (Phase::Closed(failures), Outcome::Failed) if pass == Pass::Free => {
                while failures.front().is_some_and(|at| now.duration_since(*at) >= self.span) {
                    failures.pop_front();
                }
                failures.push_back(now);
                if failures.len() >= self.most {
                    self.open(&mut state, now);
                }
            }
            (Phase::HalfOpen { .. }, Outcome::Failed) if this_round => self.open(&mut state, now),
            (Phase::HalfOpen { room, trying, succeeded }, _) if this_round => {
                *trying -= 1;
                if outcome == Outcome::Succeeded {
                    *succeeded += 1;
                    *room = (*room * 2).min(self.most);
                    if *succeeded >= self.most {
                        state.phase = Phase::Closed(VecDeque::with_capacity(self.most));
                        self.tripped.store(false, Release);
                    }
                }
            }
            // It comes from before.
            _ => {}
        }
    }

    fn open(&self, state: &mut State, now: Instant) {
        state.round += 1;
        state.phase = Phase::Open { until: now + self.span };
        self.tripped.store(true, Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A breaker of 3 in 10 s, and a clock in seconds.
    struct Test {
        breaker: Arc<Breaker>,
        start: Instant,
    }

    impl Test {
        fn new() -> Self {
            let breaker = Breaker::new(3, Duration::from_secs(10));
            let start = Instant::now();
            Test { breaker, start }
        }
        fn at(&self, second: u64) -> Instant {
            self.start + Duration::from_secs(second)
        }
        fn enter(&self, second: u64) -> Option<Pass> {
            self.breaker.enter(|| self.at(second))
        }
        fn call(&self, second: u64, outcome: Outcome) -> bool {
            let pass = self.enter(second);
            pass.into_iter()
                .for_each(|pass| self.breaker.leave(pass, outcome, || self.at(second)));
            pass.is_some()
        }
        fn opened() -> Self {
            let test = Test::new();
            (0..3).for_each(|second| assert!(test.call(second, Outcome::Failed)));
            assert!(!test.call(2, Outcome::Succeeded));
            test
        }
    }

    #[test]
    fn it_opens_at_so_many_failures_within_its_span() {
        let test = Test::new();
        for second in [0, 9, 10, 19, 20, 29] {
            assert!(
                test.call(second, Outcome::Failed),
                "the third comes after the span, at {second}"
            );
            assert!(test.call(second, Outcome::Succeeded) && test.call(second, Outcome::Cut));
        }
        assert!(test.call(29, Outcome::Failed), "the third within it");
        assert!(!test.call(29, Outcome::Succeeded) && !test.call(38, Outcome::Succeeded));
        assert!(test.enter(39).is_some());
    }

    #[test]
    fn probes_grow_until_it_is_closed() {
        let test = Test::opened();
        let first = test.enter(12).unwrap();
        assert_eq!(test.enter(12), None, "one at a time");
        test.breaker.leave(first, Outcome::Succeeded, || test.at(12));
        let (second, third) = (test.enter(12).unwrap(), test.enter(12).unwrap());
        assert_eq!(test.enter(12), None, "then two");
        test.breaker.leave(second, Outcome::Cut, || test.at(12));
        assert!(test.call(12, Outcome::Succeeded), "one that says nothing makes room");
        assert_ne!(third, Pass::Free);
        test.breaker.leave(third, Outcome::Succeeded, || test.at(12));
        assert_eq!(test.enter(12), Some(Pass::Free), "three have succeeded");
        // What failed before it opened is forgotten.
        assert!(test.call(12, Outcome::Failed) && test.call(12, Outcome::Failed) && test.call(12, Outcome::Failed));
        assert!(!test.call(12, Outcome::Succeeded));
    }

    #[test]
    fn a_probe_that_fails_opens_it_anew() {
        let test = Test::opened();
        assert!(test.call(12, Outcome::Succeeded));
        let (one, two) = (test.enter(13).unwrap(), test.enter(13).unwrap());
        test.breaker.leave(one, Outcome::Failed, || test.at(14));
        assert!(!test.call(23, Outcome::Succeeded));
        // The other one was let through in an earlier round.
        let probe = test.enter(24).unwrap();
        test.breaker.leave(two, Outcome::Succeeded, || test.at(24));
        assert_eq!(test.enter(24), None);
        test.breaker.leave(probe, Outcome::Cut, || test.at(24));
        assert!(test.call(24, Outcome::Succeeded));
    }

    #[test]
    fn what_ends_late_says_nothing() {
        let test = Test::new();
        let early = test.enter(0).unwrap();
        (0..3).for_each(|second| assert!(test.call(second, Outcome::Failed)));
        test.breaker.leave(early, Outcome::Succeeded, || test.at(3));
        assert!(!test.call(11, Outcome::Succeeded));
        let probe = test.enter(12).unwrap();
        test.breaker.leave(early, Outcome::Failed, || test.at(12));
        test.breaker.leave(probe, Outcome::Succeeded, || test.at(12));
        assert!(test.call(12, Outcome::Succeeded));
    }
}
