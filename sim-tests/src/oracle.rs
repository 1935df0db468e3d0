//! What became of every id, from what stages, producers and readers saw; and whether the ledger says the same.

use std::collections::HashSet;

use forebay::pipeline::ledger::{NodeLedger, RingLedger, Snapshot};

use crate::rec::arm_of;
use crate::spec::{From, Link, Spec, To};
use crate::world::Log;

/// How a run has ended, as far as it matters here.
#[derive(Debug, Clone, Copy)]
pub struct End {
    /// An abort may have ended records.
    pub cuts: bool,
    /// The ledger is older than the last look of a reader: what was left in an output may have been read since.
    pub early: bool,
}

/// Everything that came in is accounted for, once on each way.
pub fn check(spec: &Spec, log: &Log, ledger: &Snapshot, end: End) -> Result<(), String> {
    ledger.check().map_err(|wrong| wrong.to_string())?;
    let End { cuts, early } = end;
    let oracle = Oracle {
        spec,
        log,
        ledger,
        cuts,
        early,
    };
    (0..spec.nodes.len()).try_for_each(|node| oracle.node(node))?;
    let nodes = (0..spec.nodes.len()).filter(|node| !spec.nodes[*node].clock).map(To::Node);
    let outputs = (0..spec.ports.len()).filter(|port| !spec.ports[*port].input).map(To::Out);
    nodes.chain(outputs).try_for_each(|to| oracle.arrivals(to))?;
    (0..spec.ports.len()).try_for_each(|port| oracle.port(port))?;
    spec.links.iter().try_for_each(|link| oracle.refusals(link))?;
    oracle.at_rest()
}

struct Oracle<'a> {
    spec: &'a Spec,
    log: &'a Log,
    ledger: &'a Snapshot,
    cuts: bool,
    early: bool,
}

/// What was meant for one place.
#[derive(Default)]
struct Meant {
    /// By id.
    ids: HashSet<u64>,
    /// All, those without an id among them.
    total: u64,
    /// So many may not have been given, or lost before.
    slack: u64,
    /// Records come here that nobody saw before.
    strangers: bool,
    /// Nobody saw how many.
    unknown: bool,
}

fn same(what: &str, at: &str, oracle: u64, ledger: u64) -> Result<(), String> {
    between(what, at, oracle, ledger, oracle)
}

fn between(what: &str, at: &str, least: u64, ledger: u64, most: u64) -> Result<(), String> {
    if (least..=most).contains(&ledger) {
        return Ok(());
    }
    Err(format!(
        "{at}: {what} is {ledger} in the ledger, and {least} to {most} were seen"
    ))
}

fn lost(ring: &RingLedger) -> u64 {
    ring.shed + ring.lost + ring.cut + ring.queued
}

impl Oracle<'_> {
    fn ring(&self, name: &str) -> Result<RingLedger, String> {
        self.ledger.ring(name).ok_or_else(|| format!("the ledger has no ring {name}"))
    }

    fn counts(&self, node: usize) -> Result<NodeLedger, String> {
        let name = self.spec.nodes[node].name;
        self.ledger.node(name).ok_or_else(|| format!("the ledger has no node {name}"))
    }

    /// The counts of a node are those of its stage.
    fn node(&self, node: usize) -> Result<(), String> {
        let (spec, seen, counts) = (&self.spec.nodes[node], &self.log.nodes[node], self.counts(node)?);
        if spec.clock {
            return Ok(());
        }
        let name = spec.name;
        let (gave, open) = (seen.gave.len() as u64, self.open(node)?);
        between("emitted", name, gave.saturating_sub(open), counts.emitted, gave)?;
        let least = if spec.batch {
            seen.finished.saturating_sub(open)
        } else {
            seen.finished
        };
        between("finished", name, least, counts.finished, seen.finished)?;
        let failed = seen.failed.len() as u64;
        let most = if spec.mortal { u64::MAX } else { failed };
        let late = self.late(node)?;
        between("failed", name, failed.saturating_sub(late), counts.failed, most)?;
        let dropped: u64 = self
            .links_from(From::Node(node))
            .map(|link| ends_in_drop(link, &seen.gave))
            .sum();
        let least = (seen.filtered + dropped).saturating_sub(open);
        between("dropped", name, least, counts.dropped, seen.filtered + dropped)?;
        let taken = seen.took.len() as u64 + seen.own;
        let ends = seen.finished + failed + seen.cut;
        if ends != taken {
            return Err(format!("{name}: {taken} calls began, and {ends} came to an end"));
        }
        if counts.taken < taken {
            return Err(format!(
                "{name}: taken is {} in the ledger, and {taken} were seen",
                counts.taken
            ));
        }
        let most = if self.cuts { u64::MAX } else { seen.cut + seen.held };
        between("cut", name, seen.cut, counts.cut, most)
    }

    /// So much of what a stage gave may not have left it: an abort came before.
    fn open(&self, node: usize) -> Result<u64, String> {
        let cut = if self.spec.nodes[node].batch && self.cuts {
            self.counts(node)?.cut
        } else {
            0
        };
        Ok(self.log.nodes[node].giving + cut)
    }

    /// So many calls had come to their end, and were cut while what they gave last was on its way.
    fn late(&self, node: usize) -> Result<u64, String> {
        let cut = self.counts(node)?.cut.saturating_sub(self.log.nodes[node].cut);
        Ok(if self.spec.nodes[node].emits && self.cuts { cut } else { 0 })
    }

    fn links_from(&self, from: From) -> impl Iterator<Item = &Link> {
        self.spec.links.iter().filter(move |link| link.from == from)
    }

    /// What `link` was given, by id; 0 where it has none.
    fn given<'a>(&'a self, link: &Link) -> &'a [u64] {
        match link.from {
            From::In(port) | From::Root(port) => &self.log.ports[port].accepted,
            From::Node(node) => &self.log.nodes[node].gave,
            From::Errors(node) => &self.log.nodes[node].failed,
            From::ShedOf(_) | From::ShedAt(_) => &[],
        }
    }

    fn meant(&self, to: To) -> Result<Meant, String> {
        let mut meant = Meant::default();
        for link in self.spec.links {
            for (at, _) in link.to.iter().enumerate().filter(|(_, end)| **end == to) {
                let arms = link.to.len() as u64;
                let mine = |id: &&u64| !link.route || arm_of(**id, arms) == at as u64;
                let given = self.given(link).iter().filter(mine);
                for id in given {
                    meant.total += 1;
                    if *id != 0 && !meant.ids.insert(*id) {
                        return Err(format!("{id} was given twice to {to:?}"));
                    }
                }
                match link.from {
                    From::Root(port) => meant.slack += lost(&self.ring(self.spec.ports[port].name)?),
                    From::Node(node) => {
                        meant.slack += self.open(node)?;
                        if self.spec.nodes[node].clock {
                            // Nobody but the ledger has seen it strike.
                            meant.total += self.counts(node)?.emitted;
                        }
                    }
                    From::Errors(node) => {
                        meant.slack += self.late(node)?;
                        // How many batches a dead worker has failed nobody saw.
                        meant.unknown |= self.spec.nodes[node].mortal && self.spec.nodes[node].batch;
                        if self.spec.nodes[node].mortal {
                            // Nobody but the ledger has seen what a dead worker fails.
                            meant.strangers = true;
                            meant.total += self
                                .counts(node)?
                                .failed
                                .saturating_sub(self.log.nodes[node].failed.len() as u64);
                        }
                        if self.spec.nodes[node].batch {
                            // One failure for a whole batch.
                            meant.total -= self.log.nodes[node].failed.len() as u64;
                            meant.total += self.log.nodes[node].failed_calls;
                        }
                    }
                    From::ShedOf(_) | From::ShedAt(_) => meant.unknown = true,
                    From::In(_) => {}
                }
            }
        }
        Ok(meant)
    }

    fn seen(&self, to: To) -> &[u64] {
        match to {
            To::Node(node) => &self.log.nodes[node].took,
            To::Out(port) => &self.log.ports[port].delivered,
            To::Drop => &[],
        }
    }

    /// What the ledger says was lost on the way to a place.
    fn losses(&self, to: To) -> Result<u64, String> {
        match to {
            To::Node(node) => {
                let (spec, seen, counts) = (&self.spec.nodes[node], &self.log.nodes[node], self.counts(node)?);
                // Taken by the node and seen by no stage: cut on its way in, or failed by a dead worker, or lost while it was held.
                let unseen = counts.taken - seen.took.len() as u64 - seen.own;
                let held = if self.cuts { seen.held.min(unseen) } else { seen.held };
                let rings = spec.rings.iter().map(|name| Ok(lost(&self.ring(name)?)));
                Ok(rings.sum::<Result<u64, String>>()? + unseen.saturating_sub(held))
            }
            To::Out(port) => Ok(lost(&self.ring(self.spec.ports[port].name)?)),
            To::Drop => Ok(0),
        }
    }

    /// So many records waited in an output when the ledger was read; what became of them it does not say.
    fn unread(&self, to: To) -> Result<u64, String> {
        match to {
            To::Out(port) if self.early => Ok(self.ring(self.spec.ports[port].name)?.queued),
            _ => Ok(0),
        }
    }

    /// Each id that was meant for a place came there, once, or was lost as often as the ledger says.
    fn arrivals(&self, to: To) -> Result<(), String> {
        let (meant, seen) = (self.meant(to)?, self.seen(to));
        let mut once = HashSet::new();
        for id in seen.iter().filter(|id| **id != 0) {
            if !once.insert(*id) {
                return Err(format!("{id} came to {} twice", self.name(to)));
            }
            if !meant.ids.contains(id) && !meant.unknown && !meant.strangers {
                return Err(format!("{id} came to {} and was not meant for it", self.name(to)));
            }
        }
        if meant.unknown {
            return Ok(());
        }
        let came = seen.len() as u64;
        if came > meant.total {
            return Err(format!(
                "{came} came to {}, and {} were meant for it",
                self.name(to),
                meant.total
            ));
        }
        let (vanished, losses) = (meant.total - came, self.losses(to)?);
        let least = losses - self.unread(to)?;
        if !(least..=losses + meant.slack).contains(&vanished) {
            let missing: Vec<u64> = meant.ids.difference(&once).copied().collect();
            return Err(format!(
                "{vanished} of {} records have not come to {}, and {losses} (and up to {}) are accounted for: {missing:?}",
                meant.total,
                self.name(to),
                meant.slack
            ));
        }
        Ok(())
    }

    fn name(&self, to: To) -> &'static str {
        match to {
            To::Node(node) => self.spec.nodes[node].name,
            To::Out(port) => self.spec.ports[port].name,
            To::Drop => "drop",
        }
    }

    /// What a port was offered is what its callers saw accepted; what it gave is what its reader got.
    fn port(&self, port: usize) -> Result<(), String> {
        let (name, seen) = (self.spec.ports[port].name, &self.log.ports[port]);
        let counts = self.ring(name)?;
        if self.spec.ports[port].input {
            return same("offered", name, seen.accepted.len() as u64, counts.offered);
        }
        let delivered = seen.delivered.len() as u64;
        between(
            "taken",
            name,
            delivered.saturating_sub(self.unread(To::Out(port))?),
            counts.taken,
            delivered,
        )
    }

    /// What came over a shed wire was refused, and went no other way.
    fn refusals(&self, link: &Link) -> Result<(), String> {
        let (place, rings) = match link.from {
            From::ShedOf(node) => (To::Node(node), vec![self.spec.nodes[node].name]),
            From::ShedAt(port) => (To::Out(port), vec![self.spec.ports[port].name]),
            _ => return Ok(()),
        };
        let input = matches!(link.from, From::ShedAt(port) if self.spec.ports[port].input);
        let [to] = link.to else { return Ok(()) };
        let seen = self.seen(*to);
        match (link.from, input) {
            (From::ShedAt(port), true) => {
                let refused: HashSet<u64> = self.log.ports[port].shed.iter().copied().collect();
                if let Some(id) = seen.iter().find(|id| !refused.contains(id)) {
                    return Err(format!(
                        "{id} came over the shed wire of {}, and its caller was not told",
                        rings[0]
                    ));
                }
                let went: HashSet<u64> = self
                    .links_from(From::In(port))
                    .flat_map(|link| link.to)
                    .flat_map(|to| self.seen(*to))
                    .copied()
                    .collect();
                if let Some(id) = refused.iter().find(|id| went.contains(id)) {
                    return Err(format!("{id} was refused by {}, and went on", rings[0]));
                }
                let expected = seen.len() as u64 + self.losses(*to)?;
                same("shed", rings[0], refused.len() as u64, self.ring(rings[0])?.shed)?;
                same("shed", rings[0], expected, self.ring(rings[0])?.shed)
            }
            _ => {
                let (meant, came): (Meant, HashSet<u64>) = (self.meant(place)?, self.seen(place).iter().copied().collect());
                for id in seen {
                    if !meant.ids.contains(id) && !meant.unknown {
                        return Err(format!(
                            "{id} came over the shed wire of {}, and was not meant for it",
                            rings[0]
                        ));
                    }
                    if came.contains(id) {
                        return Err(format!("{id} was refused by {}, and went on", rings[0]));
                    }
                }
                let shed: u64 = rings
                    .iter()
                    .map(|name| Ok(self.ring(name)?.shed))
                    .sum::<Result<u64, String>>()?;
                let expected = seen.len() as u64 + self.losses(*to)?;
                // Who drops an output sheds what is in it, and gives it to nobody.
                let most = if matches!(link.from, From::ShedAt(_)) {
                    u64::MAX
                } else {
                    expected
                };
                between("shed", rings[0], expected, shed, most)
            }
        }
    }

    /// Nothing moves any more.
    fn at_rest(&self) -> Result<(), String> {
        let outputs: Vec<_> = self
            .spec
            .ports
            .iter()
            .filter(|port| !port.input && self.early)
            .map(|port| port.name)
            .collect();
        for ring in self.ledger.rings.iter().filter(|ring| !outputs.contains(&ring.name)) {
            same("queued", ring.name, 0, ring.counts.queued)?;
        }
        for node in &self.ledger.nodes {
            same("in_work", node.name, 0, node.counts.in_work)?;
        }
        Ok(())
    }
}

fn ends_in_drop(link: &Link, given: &[u64]) -> u64 {
    let arms = link.to.len() as u64;
    let drops = |id: &&u64| match link.route {
        true => link.to[arm_of(**id, arms) as usize] == To::Drop,
        false => link.to.contains(&To::Drop),
    };
    given.iter().filter(drops).count() as u64
}
