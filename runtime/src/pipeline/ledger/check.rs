//! The equations of the ledger.

use std::fmt;

use super::{LinkEntry, LinkRule, Snapshot};

/// One equation that does not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The ring, node or link: `ring requests`, `node infer`, `link rag -> infer`.
    pub at: String,
    /// The equation in words: `taken = finished + failed + cut + in_work`.
    pub equation: String,
    /// The same in numbers: `7 = 4 + 1 + 0 + 1`.
    pub numbers: String,
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} does not hold: {}", self.at, self.equation, self.numbers)
    }
}

/// The ledger does not account for every record: the equations that do not hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LedgerError {
    /// The name of the pipeline.
    pub pipeline: &'static str,
    /// Every equation that does not hold; never empty.
    pub broken: Vec<Broken>,
}

impl fmt::Display for LedgerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the ledger of `{}` does not account for every record", self.pipeline)?;
        self.broken.iter().try_for_each(|broken| write!(f, "\n  {broken}"))
    }
}

impl std::error::Error for LedgerError {}

/// One side of an equation: named counts, to be added up.
type Terms<'a> = &'a [(&'a str, u64)];

/// Collects the equations that do not hold.
#[derive(Default)]
struct Findings(Vec<Broken>);

impl Findings {
    fn equal(&mut self, at: impl FnOnce() -> String, left: Terms, right: Terms) {
        self.compare(at, left, "=", right, |left, right| left == right);
    }

    fn at_most(&mut self, at: impl FnOnce() -> String, left: Terms, right: Terms) {
        self.compare(at, left, "<=", right, |left, right| left <= right);
    }

    fn compare(&mut self, at: impl FnOnce() -> String, left: Terms, sign: &str, right: Terms, holds: fn(u128, u128) -> bool) {
        let sum = |terms: Terms| terms.iter().map(|(_, count)| u128::from(*count)).sum();
        if !holds(sum(left), sum(right)) {
            let (equation, numbers) = ((words(left), words(right)), (numbers(left), numbers(right)));
            self.0.push(Broken {
                at: at(),
                equation: format!("{} {sign} {}", equation.0, equation.1),
                numbers: format!("{} {sign} {}", numbers.0, numbers.1),
            });
        }
    }

    fn verdict(self, pipeline: &'static str) -> Result<(), LedgerError> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(LedgerError {
                pipeline,
                broken: self.0,
            })
        }
    }
}

fn words(terms: Terms) -> String {
    if terms.is_empty() {
        "0".to_owned()
    } else {
        terms.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(" + ")
    }
}

fn numbers(terms: Terms) -> String {
    if terms.is_empty() {
        "0".to_owned()
    } else {
        terms
            .iter()
            .map(|(_, count)| count.to_string())
            .collect::<Vec<_>>()
            .join(" + ")
    }
}

impl Snapshot {
    /// Checks every equation of the ledger; the error names each that does not hold, with its numbers.
    ///
    /// They hold when nothing moves: before the start, and after the end of a drain or an abort.
    pub fn check(&self) -> Result<(), LedgerError> {
        let mut findings = Findings::default();
        for ring in &self.rings {
            let c = ring.counts;
            findings.equal(
                || format!("ring {}", ring.name),
                &[("offered", c.offered)],
                &[
                    ("taken", c.taken),
                    ("shed", c.shed),
                    ("lost", c.lost),
                    ("cut", c.cut),
                    ("queued", c.queued),
                ],
            );
        }
        for node in &self.nodes {
            let c = node.counts;
            findings.equal(
                || format!("node {}", node.name),
                &[("taken", c.taken)],
                &[
                    ("finished", c.finished),
                    ("failed", c.failed),
                    ("cut", c.cut),
                    ("in_work", c.in_work),
                ],
            );
        }
        self.check_links(&mut findings);
        self.check_sheds(&mut findings);
        self.check_failures(&mut findings);
        findings.verdict(self.pipeline)
    }

    /// Checks what holds at any moment: `finished + failed + cut <= taken` for a node, `taken <= offered` for a ring.
    pub fn check_live(&self) -> Result<(), LedgerError> {
        let mut findings = Findings::default();
        for ring in &self.rings {
            let at = || format!("ring {}", ring.name);
            findings.at_most(at, &[("taken", ring.counts.taken)], &[("offered", ring.counts.offered)]);
        }
        for node in &self.nodes {
            let c = node.counts;
            findings.at_most(
                || format!("node {}", node.name),
                &[("finished", c.finished), ("failed", c.failed), ("cut", c.cut)],
                &[("taken", c.taken)],
            );
        }
        findings.verdict(self.pipeline)
    }

    fn check_links(&self, findings: &mut Findings) {
        for link in &self.links {
            let at = || self.link_name(link.from, link.targets.iter().map(|target| target.0));
            let given = |name: &str| format!("offered({name})");
            let named: Vec<(String, u64)> = link.targets.iter().map(|&(name, count)| (given(name), count)).collect();
            let mut offered: Vec<(&str, u64)> = named.iter().map(|(name, count)| (name.as_str(), *count)).collect();
            match link.rule {
                LinkRule::Each => {
                    for (target, count) in &link.targets {
                        let at = || self.link_name(link.from, [*target].into_iter());
                        findings.equal(at, &[self.flow(link)], &[(&given(target), *count)]);
                    }
                }
                LinkRule::Route { dropped } => {
                    offered.push(("dropped", dropped));
                    findings.equal(at, &[self.flow(link)], &offered);
                }
                LinkRule::Shed { .. } | LinkRule::Failures => {}
            }
        }
    }

    /// Several rings before a node are one entry, so what they shed is summed over all their links.
    fn check_sheds(&self, findings: &mut Findings) {
        for ring in &self.rings {
            let (mut ends, mut refused): (Vec<(&str, u64)>, Option<u64>) = (Vec::new(), None);
            for link in self.links.iter().filter(|link| link.from == ring.name) {
                let LinkRule::Shed { refused: left } = link.rule else {
                    continue;
                };
                refused = Some(refused.unwrap_or(0) + left);
                for (target, count) in &link.targets {
                    match ends.iter_mut().find(|end| end.0 == *target) {
                        Some(end) => end.1 += count,
                        None => ends.push((target, *count)),
                    }
                }
            }
            let Some(refused) = refused else { continue };
            let named: Vec<(String, u64)> = ends
                .iter()
                .map(|(target, count)| (format!("offered({target})"), *count))
                .collect();
            let mut offered: Vec<(&str, u64)> = named.iter().map(|(name, count)| (name.as_str(), *count)).collect();
            offered.push(("refused", refused));
            let at = || self.link_name(ring.name, ends.iter().map(|end| end.0));
            findings.equal(at, &[("shed", ring.counts.shed)], &offered);
        }
    }

    /// The inlets of one node may be wired to different places, so its failures are summed over all its links.
    fn check_failures(&self, findings: &mut Findings) {
        for node in &self.nodes {
            let links = self
                .links
                .iter()
                .filter(|link| link.from == node.name && link.rule == LinkRule::Failures);
            let targets: Vec<_> = links.flat_map(|link| &link.targets).collect();
            let named: Vec<(String, u64)> = targets
                .iter()
                .map(|(name, count)| (format!("offered({name})"), *count))
                .collect();
            let mut ends: Vec<(&str, u64)> = named.iter().map(|(name, count)| (name.as_str(), *count)).collect();
            ends.push(("unwired", node.counts.unwired));
            findings.equal(
                || format!("failures of {}", node.name),
                &[("failed", node.counts.failed)],
                &ends,
            );
        }
    }

    /// What leaves a node is what it emitted, what leaves a ring is what was taken from it.
    fn flow(&self, link: &LinkEntry) -> (&'static str, u64) {
        match link.ring {
            false => ("emitted", self.node(link.from).map_or(0, |node| node.emitted)),
            true => ("taken", self.ring(link.from).map_or(0, |ring| ring.taken)),
        }
    }

    fn link_name<'a>(&self, from: &str, targets: impl Iterator<Item = &'a str>) -> String {
        let targets = targets.collect::<Vec<_>>().join(", ");
        if targets.is_empty() {
            format!("link {from} -> drop")
        } else {
            format!("link {from} -> {targets}")
        }
    }
}
