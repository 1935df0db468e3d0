//! The workloads, one a file: who is in the group, and what this project has to reach.

mod allocations;
mod broadcast;
mod counters;
mod edge;
mod fan_in;
mod five;
mod fused;
pub(crate) mod gain;
mod latency;
mod latest;
pub(crate) mod options;
pub(crate) mod overload;
mod placement;
mod ready;
mod slow;

use tokio::runtime::{Builder, Runtime};

use crate::measure::{Clock, Group, Outcome};

/// This project's main row of a group.
pub(crate) const FOREBAY: &str = "forebay";

/// The runtimes that groups run on.
pub(crate) struct Runtimes {
    one: Runtime,
    two: Runtime,
    /// With a clock: for stages that sleep, and options that wait for time. The others have none, so that nobody looks at it.
    timed: [Runtime; 2],
}

impl Runtimes {
    pub(crate) fn start() -> std::io::Result<Self> {
        Ok(Runtimes {
            one: Builder::new_current_thread().build()?,
            two: Builder::new_multi_thread().worker_threads(2).build()?,
            timed: [
                Builder::new_current_thread().enable_time().build()?,
                Builder::new_multi_thread().worker_threads(2).enable_time().build()?,
            ],
        })
    }

    fn one(&self) -> On<'_> {
        On {
            runtime: &self.one,
            threads: 1,
        }
    }

    /// One thread, with a clock.
    fn one_timed(&self) -> On<'_> {
        On {
            runtime: &self.timed[0],
            threads: 1,
        }
    }

    /// Two workers, with a clock.
    fn two_timed(&self) -> On<'_> {
        On {
            runtime: &self.timed[1],
            threads: 2,
        }
    }

    fn two(&self) -> On<'_> {
        On {
            runtime: &self.two,
            threads: 2,
        }
    }
}

/// One of the runtimes.
#[derive(Clone, Copy)]
struct On<'a> {
    runtime: &'a Runtime,
    threads: usize,
}

impl On<'_> {
    /// One thread is measured by its CPU time, several by the time on the wall.
    fn clock(self) -> Clock {
        if self.threads == 1 { Clock::Cpu } else { Clock::Wall }
    }

    /// For people.
    fn about(self) -> &'static str {
        if self.threads == 1 { "1 thread" } else { "2 workers" }
    }
}

impl<'a> Group<'a> {
    /// Adds a contender that runs on a runtime.
    fn on(&mut self, on: On<'a>, name: &str, run: impl AsyncFn(u64) -> Outcome + 'a) {
        self.case(name, move |n| on.runtime.block_on(run(n)));
    }
}

/// All groups, in the order in which they are measured.
pub(crate) fn all(runtimes: &Runtimes) -> Vec<Group<'_>> {
    let mut groups = Vec::new();
    for on in [runtimes.one(), runtimes.two()] {
        groups.extend(edge::groups(on));
        groups.extend(five::groups(on));
        groups.extend(ready::groups(on));
        groups.extend(fan_in::groups(on));
        groups.extend(broadcast::groups(on));
        groups.extend(latest::groups(on));
        groups.extend(gain::groups(on));
    }
    groups.extend(fused::groups(runtimes.one()));
    groups.extend([runtimes.one(), runtimes.two()].map(allocations::group));
    groups.push(counters::group());
    groups.extend(placement::groups(runtimes));
    groups.extend(options::groups(runtimes.one_timed()));
    groups.extend(slow::groups(runtimes));
    groups.extend(overload::groups(runtimes.two_timed()));
    groups.extend(latency::groups(runtimes));
    groups
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::measure::Effort;

    #[test]
    fn every_contender_gives_the_right_result() {
        let effort = Effort {
            rounds: 1,
            run: Duration::from_nanos(1),
            share: 0.01,
        };
        let runtimes = Runtimes::start().unwrap();
        for mut group in all(&runtimes) {
            let table = group.measure(effort).unwrap();
            assert!(table.rows.len() > 1, "{} compares", table.name);
        }
    }
}
