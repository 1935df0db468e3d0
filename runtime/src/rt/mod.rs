//! What a pipeline needs of the world: tasks, threads and time.
//!
//! [`TokioRt`] is under `start()`, [`ThreadRt`] under `start_threads()`. Everything else in the crate asks an [`Rt`] and never
//! the clock or the runtime itself, so that a simulation can stand in for both
//! (`forebay::testing::Sim`, feature `testing`).

mod clerk;
mod clock;
pub(crate) mod cores;
mod joined;
mod park;
mod thread;
mod timers;
mod tokio;
mod watch;

use std::collections::hash_map::RandomState;
use std::future::Future;
use std::hash::{BuildHasher, Hasher};
use std::io;
use std::time::Instant;

pub use clock::Clock;
pub use cores::pins;
pub(crate) use joined::{Joined, MEMBERS, Member};
pub(crate) use park::block_on;
pub use thread::{ThreadRt, ThreadSleep};
pub use tokio::{NoRuntime, TokioRt};
pub(crate) use watch::look;
#[cfg(feature = "testing")]
pub(crate) use watch::worn;

/// Tasks, threads and time.
pub trait Rt: Clone + Send + Sync + 'static {
    /// Resolves at an instant; dropping it forgets the timer.
    type Sleep: Future<Output = ()> + Send;

    /// Runs a task. It may be polled beside others on one thread, so it must not block.
    ///
    /// The error says that the system gave no thread for it; the task was dropped.
    fn spawn(&self, name: &str, task: impl Future<Output = ()> + Send + 'static) -> io::Result<()>;

    /// All tasks share one thread anyway: those of a pipeline may be spawned as one, which saves the way through the scheduler.
    fn joins(&self) -> bool {
        false
    }

    /// What [`spawn_blocking`](Self::spawn_blocking) runs has a thread of its own. Where it has none, as in a simulation, nothing can
    /// keep to a core, and `pin` does what `blocking` does.
    fn has_threads(&self) -> bool {
        true
    }

    /// Runs a task that blocks, on a thread of its own called `name`.
    ///
    /// The error says that the system gave no thread for it; the task was dropped.
    fn spawn_blocking(&self, name: &str, task: impl Future<Output = ()> + Send + 'static) -> io::Result<()>;

    /// The time.
    fn now(&self) -> Instant;

    /// Resolves at `at`, or at once if that has passed. It is awaited in a task of this runtime, or by who sends to one of its
    /// pipelines from elsewhere.
    fn sleep_until(&self, at: Instant) -> Self::Sleep;

    /// A number that nobody knows beforehand, for waits that are spread by chance. A simulation gives one that follows from its seed.
    fn random(&self) -> u64 {
        RandomState::new().build_hasher().finish()
    }
}

#[cfg(test)]
mod tests;
