//! Which of several futures have woken.

use std::sync::Arc;
use std::task::{Wake, Waker};

use crate::ring::sync::Ordering::AcqRel;
use crate::ring::sync::{AtomicU64, AtomicWaker};

/// Wakes the task of a worker, and remembers for which of its hands.
///
/// Who wakes sets a bit, then wakes the task if the bit was not set; the task registers, then takes the bits. Both are
/// read-modify-writes of the same word: a bit that the task did not see was set after it had registered.
pub(super) struct Bell {
    woken: Box<[AtomicU64]>,
    task: AtomicWaker,
}

/// The waker of one hand.
struct Rope {
    bell: Arc<Bell>,
    at: usize,
}

impl Wake for Rope {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }
    fn wake_by_ref(self: &Arc<Self>) {
        let bit = 1 << (self.at % 64);
        if self.bell.woken[self.at / 64].fetch_or(bit, AcqRel) & bit == 0 {
            self.bell.task.wake();
        }
    }
}

impl Bell {
    /// For so many.
    pub(super) fn new(count: usize) -> Arc<Self> {
        Arc::new(Bell {
            woken: (0..count.div_ceil(64)).map(|_| AtomicU64::new(0)).collect(),
            task: AtomicWaker::new(),
        })
    }

    /// The waker of number `at`: made once, not for each record.
    pub(super) fn rope(self: &Arc<Self>, at: usize) -> Waker {
        Arc::new(Rope { bell: self.clone(), at }).into()
    }

    /// Calls `each` with every one that has woken since the last time. Those that wake from now on wake `task`.
    pub(super) fn answer(&self, task: &Waker, mut each: impl FnMut(usize)) {
        self.task.register(task);
        for (word, woken) in self.woken.iter().enumerate() {
            let mut woken = woken.swap(0, AcqRel);
            while woken != 0 {
                each(word * 64 + woken.trailing_zeros() as usize);
                woken &= woken - 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering::SeqCst;

    #[derive(Default)]
    struct Task(AtomicUsize);
    impl Wake for Task {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, SeqCst);
        }
    }

    #[test]
    fn only_those_that_woke_are_named() {
        let (bell, task) = (Bell::new(130), Arc::new(Task::default()));
        let waker = Waker::from(task.clone());
        let named = || {
            let mut named = Vec::new();
            bell.answer(&waker, |at| named.push(at));
            named
        };
        assert_eq!(named(), [0; 0]);
        let ropes: Vec<_> = (0..130).map(|at| bell.rope(at)).collect();
        for at in [129, 3, 64, 3] {
            ropes[at].wake_by_ref();
        }
        // The task is woken by the first one; the next one finds that it has been.
        assert_eq!((named(), task.0.load(SeqCst)), (vec![3, 64, 129], 1));
        assert_eq!(named(), [0; 0]);
        ropes[0].wake_by_ref();
        assert_eq!((named(), task.0.load(SeqCst)), (vec![0], 2));
    }

    #[test]
    fn no_wake_up_is_lost_between_threads() {
        const EACH: usize = 2_000;
        let bell = Bell::new(2);
        let rung: Vec<_> = (0..2).map(|_| Arc::new(AtomicUsize::new(0))).collect();
        std::thread::scope(|scope| {
            for (at, rung) in rung.iter().enumerate() {
                let rope = bell.rope(at);
                scope.spawn(move || {
                    for _ in 0..EACH {
                        rung.fetch_add(1, SeqCst);
                        rope.wake_by_ref();
                    }
                });
            }
            // Parks until it is woken: a lost wake-up hangs here.
            let task = Waker::from(Arc::new(Unpark(std::thread::current())));
            let mut seen = [0; 2];
            while seen != [EACH; 2] {
                let mut any = false;
                bell.answer(&task, |at| {
                    any = true;
                    seen[at] = rung[at].load(SeqCst);
                });
                if !any && seen != [EACH; 2] {
                    std::thread::park();
                }
            }
        });
    }

    struct Unpark(std::thread::Thread);
    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }
}

#[cfg(all(test, forebay_loom))]
#[path = "bell_model.rs"]
mod model;
