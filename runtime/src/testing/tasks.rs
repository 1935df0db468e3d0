//! The tasks of a simulation, and who has called for a poll.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Wake, Waker};

use super::Dice;

pub(super) type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Locks, also after somebody has panicked meanwhile: what is in there is whole between any two of our steps.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who wants to be polled, in the order in which they were woken.
pub(super) type Called = Arc<Mutex<Vec<usize>>>;

struct Call {
    task: usize,
    waits: AtomicBool,
    called: Called,
}

impl Wake for Call {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.waits.swap(true, SeqCst) {
            lock(&self.called).push(self.task);
        }
    }
}

/// A task, or what [`Sim::run`](super::Sim::run) was given: that one has no job here.
pub(super) struct Task {
    pub(super) name: String,
    /// Away while it is polled.
    pub(super) job: Option<Job>,
    pub(super) ended: bool,
    call: Arc<Call>,
    pub(super) waker: Waker,
    /// The higher goes first, where priorities decide.
    priority: u64,
}

impl Task {
    pub(super) fn new(number: usize, name: &str, job: Option<Job>, called: &Called, dice: &mut Dice) -> Self {
        let call = Arc::new(Call {
            task: number,
            waits: AtomicBool::new(false),
            called: called.clone(),
        });
        Task {
            name: name.to_owned(),
            job,
            ended: false,
            waker: Waker::from(call.clone()),
            call,
            priority: dice.roll(),
        }
    }
}

/// How a simulation chooses among those who can run.
///
/// Priorities that change now and then find orders that a fair choice hardly ever takes: a task that does not run for long, and one
/// that always does (after Burckhardt and others, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs", 2010).
#[derive(Debug, Clone, Copy)]
pub(super) enum Choice {
    /// Each has the same chance.
    Fair,
    /// The highest priority; one time in so many the chosen task gets another one.
    Priority(u64),
}

impl Choice {
    pub(super) fn of(dice: &mut Dice) -> Self {
        match dice.below(4) {
            0 | 1 => Choice::Fair,
            2 => Choice::Priority(4),
            _ => Choice::Priority(32),
        }
    }

    /// Takes one out of `runnable`, which is not empty.
    pub(super) fn take(self, runnable: &mut Vec<usize>, tasks: &mut [Task], dice: &mut Dice) -> usize {
        let at = match self {
            Choice::Fair => dice.below(runnable.len() as u64) as usize,
            Choice::Priority(change) => {
                let highest = (0..runnable.len()).max_by_key(|at| tasks[runnable[*at]].priority);
                let at = highest.unwrap_or(0);
                if dice.one_in(change) {
                    tasks[runnable[at]].priority = dice.roll();
                }
                at
            }
        };
        let task = runnable.swap_remove(at);
        tasks[task].call.waits.store(false, SeqCst);
        task
    }
}
