//! What was meant for a place.

use std::collections::HashSet;

use super::{Oracle, lost};
use crate::rec::{arm_of, failure};
use crate::spec::{From, Link, To};

/// What was meant for one place.
#[derive(Default)]
pub(super) struct Meant {
    /// By id.
    pub(super) ids: HashSet<u64>,
    /// These may come too.
    pub(super) maybe: HashSet<u64>,
    /// All, those without an id among them.
    pub(super) total: u64,
    /// So many may not have been given, or lost before.
    pub(super) slack: u64,
    /// So many that were to go elsewhere may have been cut here.
    pub(super) astray: u64,
    /// Records come here that nobody saw before.
    pub(super) strangers: bool,
    /// Nobody saw how many.
    pub(super) unknown: bool,
}

impl Meant {
    pub(super) fn may_come(&self, id: u64) -> bool {
        self.unknown || self.strangers || self.ids.contains(&id) || self.maybe.contains(&id)
    }
}

impl Oracle<'_> {
    pub(super) fn links_from(&self, from: From) -> impl Iterator<Item = &Link> {
        self.spec.links.iter().filter(move |link| link.from == from)
    }

    /// What `link` was given, by id; 0 where it has none.
    pub(super) fn given<'a>(&'a self, link: &Link) -> &'a [u64] {
        match link.from {
            From::In(port) | From::Root(port) => &self.log.ports[port].accepted,
            From::Node(node) => &self.log.nodes[node].gave,
            From::Errors(node) => &self.seen[node].failed,
            From::ShedOf(_) | From::ShedAt(_) | From::LaggedOf(_) => &[],
        }
    }

    pub(super) fn meant(&self, to: To) -> Result<Meant, String> {
        let mut meant = Meant::default();
        for link in self.spec.links {
            for (at, _) in link.to.iter().enumerate().filter(|(_, end)| **end == to) {
                let arms = link.to.len() as u64;
                let mine = |id: &&u64| !link.route || arm_of(**id, arms) == at as u64;
                let given = self.given(link).iter().filter(mine);
                for id in given {
                    meant.total += 1;
                    meant.slack += u64::from(self.log.broken.contains(id));
                    if *id != 0 && !meant.ids.insert(*id) {
                        return Err(format!("{id} was given twice to {to:?}"));
                    }
                }
                match link.from {
                    From::Root(port) => meant.slack += lost(&self.ring(self.spec.ports[port].name)?),
                    From::Node(node) => {
                        meant.slack += self.open(node)?;
                        if link.route {
                            // They count in the first arm, wherever they were to go.
                            let unrouted = self.unrouted(node);
                            meant.slack += unrouted;
                            meant.astray += if at == 0 { unrouted } else { 0 };
                        }
                        if self.spec.nodes[node].clock {
                            // Nobody but the ledger has seen it strike.
                            meant.total += self.counts(node)?.emitted;
                        }
                    }
                    From::Errors(node) => self.failures(node, &mut meant)?,
                    From::ShedOf(_) | From::ShedAt(_) | From::LaggedOf(_) => meant.unknown = true,
                    From::In(_) => {}
                }
            }
        }
        Ok(meant)
    }

    /// What failed at a node and was not failed by its stage.
    fn failures(&self, node: usize, meant: &mut Meant) -> Result<(), String> {
        let (spec, seen, counts) = (&self.spec.nodes[node], &self.seen[node], self.counts(node)?);
        let may_fail = self.may_fail(node)?;
        meant.slack += self.late(node)? + self.given_up(node)?;
        if spec.batch > 1 {
            // One failure for a whole batch, and nobody saw which batches a dead worker, or an option, has failed.
            meant.unknown |= may_fail > 0 || spec.retry > 0;
            meant.total -= seen.failed.len() as u64;
            meant.total += self.log.nodes[node].failed_batches;
        }
        if may_fail == 0 {
            return Ok(());
        }
        // Records that were meant for it and that no call has brought to its end.
        let unseen = self.meant(To::Node(node))?;
        meant.strangers |= unseen.unknown || unseen.strangers;
        let ended: HashSet<u64> = seen.ended.iter().copied().collect();
        let of = |id: &u64| failure(*id, node);
        meant.maybe.extend(unseen.ids.difference(&ended).map(of));
        meant.maybe.extend(unseen.maybe.difference(&ended).map(of));
        let gave = self.log.nodes[node].stems.iter();
        meant
            .maybe
            .extend(gave.filter(|(id, _)| self.log.broken.contains(id)).map(|(_, stem)| of(stem)));
        meant.total += counts.failed.saturating_sub(seen.failed.len() as u64);
        Ok(())
    }
}
