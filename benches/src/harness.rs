//! Interleaved rounds: A B C A B C …, medians, and ratios taken round by round.

use std::error::Error;
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};

use crate::work::Seen;

/// What one run took, and what came out of it.
pub(crate) struct Outcome {
    wall: Duration,
    cpu: Duration,
    seen: Seen,
}

/// Runs from when the first record goes in to when the last has come out.
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

/// How long to measure.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    pub(crate) run: Duration,
}

impl Effort {
    pub(crate) const FULL: Effort = Effort {
        rounds: 11,
        run: Duration::from_millis(50),
    };
    pub(crate) const QUICK: Effort = Effort {
        rounds: 3,
        run: Duration::from_millis(8),
    };
}

/// A contender of a group.
struct Case<'a> {
    name: &'static str,
    run: Box<dyn FnMut(u64) -> Outcome + 'a>,
}

/// Contenders that do the same work and are compared.
pub(crate) struct Group<'a> {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) clock: Clock,
    expected: fn(u64) -> Seen,
    cases: Vec<Case<'a>>,
}

/// What one contender took, in ns a record, one figure a round.
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    pub(crate) wall: Vec<f64>,
    pub(crate) cpu: Vec<f64>,
}

impl Measured {
    pub(crate) fn by(&self, clock: Clock) -> &[f64] {
        match clock {
            Clock::Cpu => &self.cpu,
            Clock::Wall => &self.wall,
        }
    }
}

impl<'a> Group<'a> {
    pub(crate) fn new(name: String, about: String, clock: Clock, expected: fn(u64) -> Seen) -> Self {
        Group {
            name,
            about,
            clock,
            expected,
            cases: Vec::new(),
        }
    }

    /// Adds a contender: `run(n)` takes `n` records through the work.
    pub(crate) fn case(&mut self, name: &'static str, run: impl FnMut(u64) -> Outcome + 'a) {
        self.cases.push(Case {
            name,
            run: Box::new(run),
        });
    }

    /// Keeps the contenders whose name contains `only`.
    pub(crate) fn keep(&mut self, only: &str) {
        self.cases.retain(|case| case.name.contains(only));
    }

    /// Runs all contenders in turn, round by round. A wrong result ends it.
    pub(crate) fn measure(&mut self, effort: Effort) -> Result<Vec<Measured>, Box<dyn Error>> {
        let mut sizes = Vec::new();
        for case in &mut self.cases {
            let n = size(case, self.expected, effort.run)?;
            sizes.push((n, (self.expected)(n)));
        }
        let measured = |case: &Case<'_>| Measured {
            name: case.name,
            wall: Vec::new(),
            cpu: Vec::new(),
        };
        let mut all: Vec<_> = self.cases.iter().map(measured).collect();
        for _ in 0..effort.rounds {
            for ((case, &(n, expected)), into) in self.cases.iter_mut().zip(&sizes).zip(&mut all) {
                let outcome = checked(case, n, expected)?;
                into.wall.push(outcome.wall.as_nanos() as f64 / n as f64);
                into.cpu.push(outcome.cpu.as_nanos() as f64 / n as f64);
            }
        }
        Ok(all)
    }
}

/// How many records keep a contender at work for about `goal`.
fn size(case: &mut Case<'_>, expected: fn(u64) -> Seen, goal: Duration) -> Result<u64, Box<dyn Error>> {
    let mut n = 4096;
    loop {
        let outcome = checked(case, n, expected(n))?;
        // What the machine did for others in the meantime says nothing about the contender.
        let took = outcome.cpu.min(outcome.wall).max(Duration::from_micros(1));
        let more = goal.as_secs_f64() / took.as_secs_f64();
        if more < 4.0 {
            return Ok(((n as f64 * more) as u64).max(4096));
        }
        n = (n as f64 * more.min(16.0)) as u64;
    }
}

fn checked(case: &mut Case<'_>, n: u64, expected: Seen) -> Result<Outcome, Box<dyn Error>> {
    let outcome = (case.run)(n);
    if outcome.seen == expected {
        Ok(outcome)
    } else {
        Err(format!(
            "`{}` is wrong: {n} records gave {:?}, not {expected:?}",
            case.name, outcome.seen
        )
        .into())
    }
}

/// The value in the middle.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group<'a>(lose: u64) -> Group<'a> {
        let mut group = Group::new("g".into(), String::new(), Clock::Cpu, Seen::expected::<u64>);
        group.case("loses", move |n| Watch::start().stop(Seen::expected::<u64>(n - lose)));
        group
    }

    const SHORT: Effort = Effort {
        rounds: 2,
        run: Duration::from_nanos(1),
    };

    #[test]
    fn a_run_that_loses_one_record_ends_the_report() {
        assert!(group(0).measure(SHORT).is_ok());
        let error = group(1).measure(SHORT).err().expect("one record is missing").to_string();
        assert!(
            error.contains("`loses` is wrong: 4096 records gave Seen { count: 4095"),
            "{error}"
        );
    }

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 200.0]), 3.0);
        assert!(median([]).is_nan());
    }
}
