//! What this project has to reach, and whether it did.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::stats::{by_round, median};

/// What a ratio has to reach.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) enum Target {
    /// The peer takes at least so many times what the subject takes.
    AtLeast(f64),
    /// The subject takes at most so many times what the peer takes.
    AtMost(f64),
    /// The subject takes at most so many ns more than the peer, for each of so many hops.
    NsAHop(f64, usize),
    /// The subject takes at most so much, whoever else takes what.
    Bound(f64),
}

impl Target {
    /// Compares figures of the same rounds; a [`Bound`](Target::Bound) looks at the subject alone.
    fn value(self, subject: &[f64], peer: &[f64]) -> f64 {
        match self {
            Target::AtLeast(_) => by_round(subject, peer, |subject, peer| peer / subject),
            Target::AtMost(_) => by_round(subject, peer, |subject, peer| subject / peer),
            Target::NsAHop(_, hops) => by_round(subject, peer, |subject, peer| (subject - peer) / hops as f64),
            Target::Bound(_) => median(subject.iter().copied()),
        }
    }

    fn met(self, value: f64) -> bool {
        match self {
            Target::AtLeast(least) => value >= least,
            Target::AtMost(most) | Target::NsAHop(most, _) | Target::Bound(most) => value <= most,
        }
    }

    /// The one of two values that is further from the target.
    fn worse(self, a: f64, b: f64) -> f64 {
        match self {
            Target::AtLeast(_) => a.min(b),
            Target::AtMost(_) | Target::NsAHop(..) | Target::Bound(_) => a.max(b),
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Target::AtLeast(least) => write!(f, ">={least}"),
            Target::AtMost(most) | Target::NsAHop(most, _) | Target::Bound(most) => write!(f, "<={most}"),
        }
    }
}

/// A ratio with the value that each run gave it. It is met when every run met it.
///
/// `RATIO <name> <value> target <target> <met|short>`; after several runs the value is the worst of them, and `runs` follows
/// with each.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Ratio {
    pub(crate) name: String,
    pub(crate) target: Target,
    pub(crate) values: Vec<f64>,
}

impl Ratio {
    /// The ratio as the first run gives it.
    pub(super) fn new(name: String, target: Target, subject: &[f64], peer: &[f64]) -> Self {
        Ratio {
            name,
            target,
            values: vec![target.value(subject, peer)],
        }
    }

    pub(crate) fn worst(&self) -> f64 {
        self.values
            .iter()
            .copied()
            .reduce(|a, b| self.target.worse(a, b))
            .unwrap_or(f64::NAN)
    }

    pub(crate) fn met(&self) -> bool {
        self.values.iter().all(|value| self.target.met(*value))
    }
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.met() { "met" } else { "short" };
        write!(f, "RATIO {} {:.2} target {} {verdict}", self.name, self.worst(), self.target)?;
        if self.values.len() > 1 {
            write!(f, " runs")?;
            self.values.iter().try_for_each(|value| write!(f, " {value:.2}"))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ratio_is_taken_round_by_round_and_judged() {
        let (subject, peer) = ([1.0, 2.0, 4.0], [10.0, 20.0, 80.0]);
        let line = |target| Ratio::new("a/b".into(), target, &subject, &peer).to_string();
        assert_eq!(line(Target::AtLeast(10.0)), "RATIO a/b 10.00 target >=10 met");
        assert_eq!(line(Target::AtLeast(10.5)), "RATIO a/b 10.00 target >=10.5 short");
        assert_eq!(line(Target::AtMost(1.05)), "RATIO a/b 0.10 target <=1.05 met");
        assert_eq!(line(Target::NsAHop(1.0, 6)), "RATIO a/b -3.00 target <=1 met");
        assert_eq!(line(Target::Bound(1.5)), "RATIO a/b 2.00 target <=1.5 short");
    }

    #[test]
    fn what_one_run_missed_is_short() {
        let mut ratio = Ratio::new("a/b".into(), Target::AtLeast(10.0), &[1.0], &[12.0]);
        ratio.values.extend([9.5, 11.0]);
        assert_eq!(ratio.to_string(), "RATIO a/b 9.50 target >=10 short runs 12.00 9.50 11.00");
    }
}
