//! What there is to say of a simulation that did not come to its end.

use std::fmt;
use std::time::Duration;

/// Why a simulation did not come to its end, and the seed that repeats it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stuck {
    /// Why.
    pub reason: StuckReason,
    /// The seed.
    pub seed: u64,
    /// How many steps had been taken.
    pub steps: u64,
    /// How late it was, by the clock of the simulation.
    pub after: Duration,
    /// The tasks that had not ended; `run` is what [`Sim::run`](super::Sim::run) was given.
    pub tasks: Vec<String>,
}

/// See [`Stuck`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StuckReason {
    /// Tasks wait, and nothing will ever wake them: no task can run, and no timer is set.
    Deadlock,
    /// There were more steps than allowed: tasks wake one another, or themselves, without an end.
    Steps,
    /// A task has panicked, with this message. The stages of a pipeline may panic; its segments do not.
    Panicked(String),
}

impl fmt::Display for Stuck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.reason {
            StuckReason::Deadlock => f.write_str("nothing can run any more")?,
            StuckReason::Steps => f.write_str("there is no end to it")?,
            StuckReason::Panicked(message) => write!(f, "a task has panicked: {message}")?,
        }
        let Stuck { seed, steps, after, .. } = self;
        write!(
            f,
            " (seed {seed}, after {steps} steps and {after:?}); not at their end: {}",
            self.tasks.join(", ")
        )
    }
}

impl std::error::Error for Stuck {}
