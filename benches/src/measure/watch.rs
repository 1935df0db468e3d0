//! Clocks, and what one run took.

use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

use crate::work::Seen;

/// What one run took, and what came out of it.
pub(crate) struct Outcome {
    pub(super) wall: Duration,
    pub(super) cpu: Duration,
    pub(super) seen: Seen,
}

impl Outcome {
    /// `Err` says what came out in place of that.
    pub(crate) fn gave(&self, right: Seen) -> Result<(), String> {
        match self.seen == right {
            true => Ok(()),
            false => Err(format!("{:?} came out, not {right:?}", self.seen)),
        }
    }
}

/// Runs from when the first record goes in to when the last has come out.
#[derive(Clone, Copy)]
pub(crate) struct Watch {
    wall: Instant,
    cpu: Duration,
}

impl Watch {
    pub(crate) fn start() -> Self {
        Watch {
            cpu: cpu(UsageWho::RUSAGE_SELF),
            wall: Instant::now(),
        }
    }

    pub(crate) fn stop(self, seen: Seen) -> Outcome {
        let wall = self.wall.elapsed();
        Outcome {
            wall,
            cpu: cpu(UsageWho::RUSAGE_SELF).saturating_sub(self.cpu),
            seen,
        }
    }
}

/// The CPU time, user and system, of this process with all its threads, or of its children that have ended.
pub(crate) fn cpu(who: UsageWho) -> Duration {
    let usage = getrusage(who).expect("the system counts CPU time");
    [usage.user_time(), usage.system_time()]
        .iter()
        .map(|time| Duration::new(time.tv_sec() as u64, time.tv_usec() as u32 * 1000))
        .sum()
}

/// Which clock the ratios of a group are taken from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Clock {
    /// For one thread: what else the machine does at the time is not counted.
    Cpu,
    /// For several threads: what counts is when the work is done.
    Wall,
}
