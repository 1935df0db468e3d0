//! What is printed.

use std::fmt;

use crate::harness::{Group, Measured, median};

/// The table of one group.
pub(crate) fn print(group: &Group<'_>, all: &[Measured]) {
    let rounds = all.first().map_or(0, |case| case.wall.len());
    println!("\n{}: {} ({rounds} rounds, ns a record)", group.name, group.about);
    println!("  {:<28} {:>9} {:>9} {:>9} {:>9}", "", "wall", "best", "cpu", "x first");
    let Some(first) = all.first() else { return };
    for case in all {
        let best = case.wall.iter().copied().fold(f64::INFINITY, f64::min);
        println!(
            "  {:<28} {:>9.2} {:>9.2} {:>9.2} {:>9.2}",
            case.name,
            median(case.wall.iter().copied()),
            best,
            median(case.cpu.iter().copied()),
            by_round(first.by(group.clock), case.by(group.clock), |first, case| first / case),
        );
    }
}

/// The median, over the rounds, of what `compare` makes of two figures of one round.
pub(crate) fn by_round(a: &[f64], b: &[f64], compare: impl Fn(f64, f64) -> f64) -> f64 {
    median(a.iter().zip(b).map(|(a, b)| compare(*a, *b)))
}

/// What a ratio has to reach.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// The peer takes at least so many times what the subject takes.
    AtLeast(f64),
    /// The subject takes at most so many times what the peer takes.
    AtMost(f64),
    /// The subject takes at most so many ns more than the peer, for each of so many hops.
    NsAHop(f64, usize),
}

impl Target {
    fn value(self, subject: &[f64], peer: &[f64]) -> f64 {
        match self {
            Target::AtLeast(_) => by_round(subject, peer, |subject, peer| peer / subject),
            Target::AtMost(_) => by_round(subject, peer, |subject, peer| subject / peer),
            Target::NsAHop(_, hops) => by_round(subject, peer, |subject, peer| (subject - peer) / hops as f64),
        }
    }

    fn met(self, value: f64) -> bool {
        match self {
            Target::AtLeast(least) => value >= least,
            Target::AtMost(most) | Target::NsAHop(most, _) => value <= most,
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::AtLeast(least) => write!(f, ">={least}"),
            Target::AtMost(most) => write!(f, "<={most}"),
            Target::NsAHop(most, _) => write!(f, "<={most}"),
        }
    }
}

/// One line a ratio: `RATIO <name> <value> target <target> <met|short>`.
pub(crate) fn ratio(name: &str, target: Target, subject: &[f64], peer: &[f64]) -> String {
    let value = target.value(subject, peer);
    let verdict = if target.met(value) { "met" } else { "short" };
    format!("RATIO {name} {value:.2} target {target} {verdict}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_taken_round_by_round_and_judged() {
        let (subject, peer) = ([1.0, 2.0, 4.0], [10.0, 20.0, 80.0]);
        let line = |target| ratio("a/b", target, &subject, &peer);
        assert_eq!(line(Target::AtLeast(10.0)), "RATIO a/b 10.00 target >=10 met");
        assert_eq!(line(Target::AtLeast(10.5)), "RATIO a/b 10.00 target >=10.5 short");
        assert_eq!(line(Target::AtMost(1.05)), "RATIO a/b 0.10 target <=1.05 met");
        assert_eq!(line(Target::NsAHop(1.0, 6)), "RATIO a/b -3.00 target <=1 met");
    }
}
