//! What became of every id, from what stages, producers and readers saw; and whether the ledger says the same.

mod inputs;
mod meant;
mod node;

use std::collections::HashSet;

use forebay::pipeline::ledger::{NodeLedger, RingLedger, Snapshot};

use self::meant::Meant;
use crate::log::Log;
use crate::rec::arm_of;
use crate::seen::Seen;
use crate::spec::{From, Kind, Link, Spec, To};

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
    let seen: Vec<Seen> = spec
        .nodes
        .iter()
        .zip(&log.nodes)
        .enumerate()
        .map(|(at, (node, log))| Seen::of(at, node, log))
        .collect();
    let oracle = Oracle {
        spec,
        log,
        seen: &seen,
        ledger,
        cuts,
        early,
    };
    (0..spec.nodes.len()).try_for_each(|node| oracle.node(node))?;
    let nodes = (0..spec.nodes.len()).filter(|node| !spec.nodes[*node].clock).map(To::Node);
    let outputs = (0..spec.ports.len()).filter(|port| !spec.ports[*port].input).map(To::Out);
    nodes.chain(outputs).try_for_each(|to| oracle.arrivals(to))?;
    (0..spec.ports.len()).try_for_each(|port| oracle.port(port))?;
    (0..spec.ports.len()).try_for_each(|port| oracle.admission(port))?;
    (0..spec.nodes.len()).try_for_each(|node| oracle.newest(node))?;
    spec.links.iter().try_for_each(|link| oracle.refusals(link))?;
    spec.links.iter().try_for_each(|link| oracle.lag(link))?;
    oracle.at_rest()
}

struct Oracle<'a> {
    spec: &'a Spec,
    log: &'a Log,
    /// What became of the records at each node.
    seen: &'a [Seen],
    ledger: &'a Snapshot,
    cuts: bool,
    early: bool,
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

    fn seen(&self, to: To) -> &[u64] {
        match to {
            To::Node(node) => &self.seen[node].took,
            To::Out(port) => &self.log.ports[port].delivered,
            To::Drop => &[],
        }
    }

    /// What the ledger says was lost on the way to a place.
    fn losses(&self, to: To) -> Result<u64, String> {
        match to {
            To::Node(node) => {
                let (spec, seen, counts) = (&self.spec.nodes[node], &self.seen[node], self.counts(node)?);
                // Taken by the node and seen by no stage: cut on its way in, or failed by a dead worker, or lost while it was held.
                let unseen = counts.taken - seen.took.len() as u64 - seen.own;
                let held = self.log.nodes[node].held;
                let held = if self.cuts { held.min(unseen) } else { held };
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
        if let To::Out(port) = to
            && self.spec.ports[port].kind != Kind::Queue
        {
            return self.readers(port);
        }
        let (meant, seen) = (self.meant(to)?, self.seen(to));
        if let To::Node(node) = to {
            self.buried(node, &meant)?;
        }
        let mut once = HashSet::new();
        for id in seen.iter().filter(|id| **id != 0) {
            if !once.insert(*id) {
                return Err(format!("{id} came to {} twice", self.name(to)));
            }
            if !meant.may_come(*id) {
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
        let least = losses.saturating_sub(self.unread(to)? + meant.astray);
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

    /// Each failed record that came in a batch is one that was meant for it, and came once.
    fn buried(&self, node: usize, meant: &Meant) -> Result<(), String> {
        let (name, mut once) = (self.spec.nodes[node].name, HashSet::new());
        for id in self.log.nodes[node].buried.iter().filter(|id| **id != 0) {
            if !once.insert(*id) {
                return Err(format!("{id} came to {name} in two batches"));
            }
            if !meant.ids.contains(id) && !meant.maybe.contains(id) && !meant.strangers {
                return Err(format!("{id} came to {name} in a batch and was not meant for it"));
            }
        }
        Ok(())
    }

    /// Each reader of an output that overwrites got each record at most once, in order where one gave them, or was told that it has
    /// missed it.
    fn readers(&self, port: usize) -> Result<(), String> {
        let (name, meant) = (self.spec.ports[port].name, self.meant(To::Out(port))?);
        let counts = self.ring(name)?;
        let offered = counts.offered;
        if !meant.unknown {
            let most = meant.total + meant.astray;
            between("offered", name, meant.total.saturating_sub(meant.slack), offered, most)?;
        }
        // What an abort has cut on its way was never there.
        let offered = offered - counts.cut;
        for reader in &self.log.ports[port].readers {
            let mut once = HashSet::new();
            for id in reader.got.iter().filter(|id| **id != 0) {
                if !once.insert(*id) {
                    return Err(format!("{id} came to a reader of {name} twice"));
                }
                if !meant.may_come(*id) {
                    return Err(format!("{id} came to a reader of {name} and was not meant for it"));
                }
            }
            let told = reader.got.len() as u64 + reader.lost;
            let least = if reader.ended { offered } else { 0 };
            between("offered to a reader", name, least, told, offered)?;
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
        if self.spec.ports[port].kind != Kind::Queue {
            return Ok(());
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
                    if !meant.may_come(*id) {
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
                // Who drops an output sheds what is in it, and gives it to nobody. What comes round when its node has ended is shed by the
                // ring that it comes by, which may have no shed wire.
                let gone = match link.from {
                    From::ShedOf(node) => self.comes_round(node),
                    _ => true,
                };
                let most = if gone { u64::MAX } else { expected };
                between("shed", rings[0], expected, shed, most)
            }
        }
    }

    /// What a node has missed it was told of: all of it, but for what its wire has lost.
    fn lag(&self, link: &Link) -> Result<(), String> {
        let (From::LaggedOf(node), [to @ To::Node(told)]) = (link.from, link.to) else {
            return Ok(());
        };
        let (spec, missed, untold) = (&self.spec.nodes[node], self.log.nodes[*told].missed, self.losses(*to)?);
        // Who is told is told of one at least. Other rings before the node lose what nobody is told of.
        let exactly = spec.lags && untold == 0;
        let most = if exactly { missed } else { u64::MAX };
        between("lost", spec.name, missed + untold, self.ring(spec.name)?.lost, most)
    }

    /// What a node gives may come to it again.
    fn comes_round(&self, node: usize) -> bool {
        let (mut seen, mut next) = (HashSet::new(), vec![node]);
        while let Some(at) = next.pop() {
            for link in self.links_from(From::Node(at)).chain(self.links_from(From::Errors(at))) {
                for to in link.to {
                    match to {
                        To::Node(to) if *to == node => return true,
                        To::Node(to) if seen.insert(*to) => next.push(*to),
                        _ => {}
                    }
                }
            }
        }
        false
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
