//! Interleaved rounds: A B C A B C …, medians, and ratios taken round by round.

mod target;
mod watch;

use std::error::Error;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub(crate) use target::{Ratio, Target};
pub(crate) use watch::{Clock, Outcome, Watch, cpu};

use crate::work::Seen;

/// How long to measure.
#[derive(Clone, Copy)]
pub(crate) struct Effort {
    pub(crate) rounds: usize,
    /// For how long one run of one contender goes on, in groups that measure how much gets done.
    pub(crate) run: Duration,
    /// The share of their records that groups with a fixed number of them run.
    pub(crate) share: f64,
}

impl Effort {
    pub(crate) const FULL: Effort = Effort {
        rounds: 9,
        run: Duration::from_millis(25),
        share: 1.0,
    };
    pub(crate) const QUICK: Effort = Effort {
        rounds: 2,
        run: Duration::from_millis(3),
        share: 0.1,
    };
}

/// How many records a run has.
#[derive(Clone, Copy)]
enum Size {
    /// As many as take [`Effort::run`].
    Time,
    /// So many.
    Records(u64),
}

/// What one run of a contender gives: a figure for each column, or what is wrong with its result.
type Run<'a> = Box<dyn FnMut(u64) -> Result<Vec<f64>, String> + 'a>;

/// Contenders that do the same work and are compared.
pub(crate) struct Group<'a> {
    pub(crate) name: String,
    about: String,
    unit: &'static str,
    columns: &'static [&'static str],
    /// The column that ratios are taken from, unless they say another.
    judged: usize,
    size: Size,
    expected: fn(u64) -> Seen,
    cases: Vec<(String, Run<'a>)>,
    goals: Vec<Goal>,
}

/// A ratio to take when a group was measured, and what it has to reach.
struct Goal {
    name: String,
    column: usize,
    subject: String,
    peer: String,
    target: Target,
}

/// What a contender took: for each column a figure a round.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) figures: Vec<Vec<f64>>,
}

/// A group that was measured, in one run or several.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) name: String,
    pub(crate) about: String,
    pub(crate) unit: String,
    pub(crate) columns: Vec<String>,
    pub(crate) judged: usize,
    pub(crate) rows: Vec<Row>,
    pub(crate) ratios: Vec<Ratio>,
}

impl<'a> Group<'a> {
    /// A group that measures how much gets done: ns a record. `expected(n)` is what must come out of `n` records.
    pub(crate) fn throughput(name: String, about: String, clock: Clock, expected: fn(u64) -> Seen) -> Self {
        Group {
            name,
            about,
            unit: "ns a record",
            columns: &["wall", "cpu"],
            judged: usize::from(clock == Clock::Cpu),
            size: Size::Time,
            expected,
            cases: Vec::new(),
            goals: Vec::new(),
        }
    }

    /// A group with figures of its own, from runs of so many records.
    pub(crate) fn figures(
        name: String,
        about: String,
        (unit, columns): (&'static str, &'static [&'static str]),
        records: u64,
    ) -> Self {
        Group {
            name,
            about,
            unit,
            columns,
            judged: 0,
            size: Size::Records(records),
            expected: |_| Seen::default(),
            cases: Vec::new(),
            goals: Vec::new(),
        }
    }

    /// Adds a contender to a group of throughputs: `run(n)` takes `n` records through the work.
    pub(crate) fn case(&mut self, name: &str, mut run: impl FnMut(u64) -> Outcome + 'a) {
        let expected = self.expected;
        let mut right = (0, expected(0));
        self.case_of_figures(name, move |n| {
            if right.0 != n {
                right = (n, expected(n));
            }
            let outcome = run(n);
            outcome.gave(right.1)?;
            let each = |took: Duration| took.as_nanos() as f64 / n as f64;
            Ok(vec![each(outcome.wall), each(outcome.cpu)])
        });
    }

    /// Adds a contender: `run(n)` gives a figure for each column.
    pub(crate) fn case_of_figures(&mut self, name: &str, run: impl FnMut(u64) -> Result<Vec<f64>, String> + 'a) {
        self.cases.push((name.to_owned(), Box::new(run)));
    }

    /// `NAME/name`: what `subject` has to reach against `peer`, in the column that is judged. It is left out when one of them
    /// is not measured.
    pub(crate) fn goal(&mut self, name: &str, subject: &str, peer: &str, target: Target) {
        self.goal_of(self.judged, name, subject, peer, target);
    }

    /// The same in the column of that number.
    pub(crate) fn goal_of(&mut self, column: usize, name: &str, subject: &str, peer: &str, target: Target) {
        self.goals.push(Goal {
            name: format!("{}/{name}", self.name),
            column,
            subject: subject.to_owned(),
            peer: peer.to_owned(),
            target,
        });
    }

    /// Keeps the contenders whose name contains `only`.
    pub(crate) fn keep(&mut self, only: &str) {
        self.cases.retain(|(name, _)| name.contains(only));
    }

    /// Runs all contenders in turn, round by round. A wrong result ends it.
    pub(crate) fn measure(&mut self, effort: Effort) -> Result<Table, Box<dyn Error>> {
        let mut sizes = Vec::new();
        for (name, run) in &mut self.cases {
            sizes.push(match self.size {
                Size::Time => size(name, run, effort.run)?,
                Size::Records(n) => ((n as f64 * effort.share) as u64).max(1),
            });
        }
        let row = |(name, _): &(String, Run<'_>)| Row {
            name: name.clone(),
            figures: vec![Vec::new(); self.columns.len()],
        };
        let mut rows: Vec<_> = self.cases.iter().map(row).collect();
        for _ in 0..effort.rounds {
            for (((name, run), &n), row) in self.cases.iter_mut().zip(&sizes).zip(&mut rows) {
                for (figures, figure) in row.figures.iter_mut().zip(checked(name, run, n)?) {
                    figures.push(figure);
                }
            }
        }
        let ratios = self.goals.iter().filter_map(|goal| goal.judge(&rows)).collect();
        Ok(Table {
            name: self.name.clone(),
            about: self.about.clone(),
            unit: self.unit.to_owned(),
            columns: self.columns.iter().map(|&column| column.to_owned()).collect(),
            judged: self.judged,
            rows,
            ratios,
        })
    }
}

impl Goal {
    fn judge(&self, rows: &[Row]) -> Option<Ratio> {
        let figures = |name: &str| rows.iter().find(|row| row.name == name).map(|row| &*row.figures[self.column]);
        let (subject, peer) = (figures(&self.subject)?, figures(&self.peer)?);
        Some(Ratio::new(self.name.clone(), self.target, subject, peer))
    }
}

impl Table {
    /// Adds another run of the same group: more rounds, and each ratio once more.
    pub(crate) fn add(&mut self, other: Table) {
        for (row, more) in self.rows.iter_mut().zip(other.rows) {
            for (figures, more) in row.figures.iter_mut().zip(more.figures) {
                figures.extend(more);
            }
        }
        for (ratio, more) in self.ratios.iter_mut().zip(other.ratios) {
            ratio.values.extend(more.values);
        }
    }
}

/// How many records keep a contender at work for about `goal`.
fn size(name: &str, run: &mut Run<'_>, goal: Duration) -> Result<u64, Box<dyn Error>> {
    let mut n = 256;
    loop {
        // What the machine did for others in the meantime says nothing about the contender.
        let each = checked(name, run, n)?.into_iter().fold(f64::INFINITY, f64::min);
        let more = goal.as_nanos() as f64 / (each * n as f64).max(1000.0);
        if more < 4.0 {
            return Ok(((n as f64 * more) as u64).max(256));
        }
        n = (n as f64 * more.min(16.0)) as u64;
    }
}

fn checked(name: &str, run: &mut Run<'_>, n: u64) -> Result<Vec<f64>, Box<dyn Error>> {
    run(n).map_err(|wrong| format!("`{name}` is wrong: {wrong}").into())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHORT: Effort = Effort {
        rounds: 2,
        run: Duration::from_nanos(1),
        share: 1.0,
    };

    fn group<'a>(lose: u64) -> Group<'a> {
        let expected = |n| Seen::after::<u64>(n, 0);
        let mut group = Group::throughput("g".into(), String::new(), Clock::Cpu, expected);
        group.case("loses", move |n| Watch::start().stop(expected(n - lose)));
        group
    }

    #[test]
    fn a_run_that_loses_one_record_ends_the_report() {
        assert!(group(0).measure(SHORT).is_ok());
        let error = group(1).measure(SHORT).expect_err("one record is missing").to_string();
        assert!(error.contains("`loses` is wrong: Seen { count: 255"), "{error}");
    }

    #[test]
    fn runs_add_up() {
        let mut group = Group::figures("g".into(), String::new(), ("ms", &["first"]), 10);
        group.case_of_figures("we", |n| Ok(vec![n as f64]));
        group.goal("bound", "we", "we", Target::Bound(10.0));
        group.goal("not-there", "we", "they", Target::Bound(10.0));
        let mut table = group.measure(SHORT).unwrap();
        table.add(group.measure(SHORT).unwrap());
        assert_eq!(table.rows[0].figures, [[10.0; 4]]);
        assert_eq!(table.ratios.len(), 1);
        assert_eq!(table.ratios[0].values, [10.0; 2]);
    }
}
