//! What inputs let in, and what they set.

use std::collections::{HashMap, HashSet};

use forebay::Reason;

use super::{Oracle, same};

/// The time in which a `quota` or a `limit` counts, in nanoseconds.
const SPAN: u128 = 1_000_000;

/// A bucket of tokens, kept by hand: a token is `SPAN`, and each nanosecond makes as much as the bucket has tokens.
struct Bucket {
    most: u128,
    level: u128,
    at: u128,
}

impl Bucket {
    fn new(most: u64) -> Self {
        let (most, at) = (u128::from(most), 0);
        let level = most * SPAN;
        Bucket { most, level, at }
    }

    fn has(&mut self, now: u128) -> bool {
        self.level = (self.level + (now - self.at) * self.most).min(self.most * SPAN);
        self.at = now;
        self.level >= SPAN
    }

    fn take(&mut self) {
        self.level -= SPAN;
    }
}

impl Oracle<'_> {
    /// A port lets in what its buckets have a token for, and refuses all else; and it says so before.
    pub(super) fn admission(&self, port: usize) -> Result<(), String> {
        let (spec, seen) = (&self.spec.ports[port], &self.log.ports[port]);
        let (mut quotas, mut limit) = (HashMap::new(), (spec.limit > 0).then(|| Bucket::new(spec.limit)));
        let (mut by_quota, mut by_limit) = (0, 0);
        for asked in &seen.asked {
            let now = asked.at.as_nanos();
            let mut quota = (spec.quota > 0).then(|| quotas.entry(asked.key).or_insert_with(|| Bucket::new(spec.quota)));
            let due = match () {
                () if quota.as_mut().is_some_and(|quota| !quota.has(now)) => Some(Reason::Quota),
                () if limit.as_mut().is_some_and(|limit| !limit.has(now)) => Some(Reason::Limit),
                () => None,
            };
            let of_admission = |reason: &Reason| matches!(reason, Reason::Quota | Reason::Limit);
            if asked.verdict.filter(of_admission) != due {
                return Err(format!("{}: {asked:?}, and what was due before is {due:?}", spec.name));
            }
            if asked.entered && due.is_some() || asked.reason.filter(of_admission).is_some_and(|reason| Some(reason) != due) {
                return Err(format!("{}: {asked:?}, and what was due is {due:?}", spec.name));
            }
            if asked.entered {
                quota.into_iter().chain(&mut limit).for_each(Bucket::take);
            }
            by_quota += u64::from(due == Some(Reason::Quota));
            by_limit += u64::from(due == Some(Reason::Limit));
        }
        let counts = self.ring(spec.name)?;
        same("quota", spec.name, by_quota, counts.quota)?;
        same("limit", spec.name, by_limit, counts.limit)
    }

    /// Whoever borrows the newest value of a topic sees one that was set, the same for as long as a call lasts, and none that is older
    /// than what was known to be set when the call began.
    pub(super) fn newest(&self, node: usize) -> Result<(), String> {
        let (spec, newest) = (&self.spec.nodes[node], &self.log.nodes[node].newest);
        let knobs = self.spec.ports.iter().zip(&self.log.ports).filter(|(port, _)| port.knob);
        let set: HashSet<u64> = knobs.flat_map(|(_, log)| &log.accepted).copied().chain([0]).collect();
        let (mut calls, mut last) = (HashMap::new(), 0);
        for seen in newest {
            let name = spec.name;
            if !set.contains(&seen.value) {
                return Err(format!("{name} saw {}, which nobody has set", seen.value));
            }
            if *calls.entry(seen.call).or_insert(seen.value) != seen.value {
                return Err(format!(
                    "{name} saw {} in a call that had begun with another value",
                    seen.value
                ));
            }
            if spec.at_once && seen.value < seen.least {
                return Err(format!("{name} saw {}, and {} was set before", seen.value, seen.least));
            }
            if spec.at_once && spec.alone && seen.value < last {
                return Err(format!("{name} saw {}, and had seen {last} before", seen.value));
            }
            last = seen.value;
        }
        Ok(())
    }
}
