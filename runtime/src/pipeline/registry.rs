//! The counters of a running pipeline, and how they hang together: what ledgers are read from.

use std::sync::Arc;

use crate::edge::{ENDED, LEFT, Standing};
use crate::pipeline::counters::{Counter, NodeCell, OfferCell, PortOffers, TakeCell, read_ring};
use crate::pipeline::ends::Queued;
use crate::pipeline::ledger::{LinkEntry, LinkRule, NodeEntry, NodeLedger, RingEntry, RingLedger, Snapshot};

/// What a ring is to those who read the ledger.
pub(super) enum Role {
    /// A ring: each record is taken once.
    Ring,
    /// What all its cursors read: each record that it accepts is handed to them. Without a port nobody asks for it by name.
    Spread { shown: bool },
    /// One reader of such a ring, and how many records wait for it at most.
    Cursor { standing: Arc<Standing>, room: u64 },
}

pub(super) struct RingCells {
    pub(super) name: &'static str,
    pub(super) role: Role,
    pub(super) takes: Vec<Arc<TakeCell>>,
    /// By producer.
    pub(super) offers: Vec<Vec<Arc<OfferCell>>>,
    pub(super) outside: Option<Arc<PortOffers>>,
    pub(super) queued: Queued,
}

impl RingCells {
    fn read(&self) -> RingLedger {
        match &self.role {
            Role::Ring => {
                // The ring first: what is queued may still be taken, never the other way round.
                let held: u64 = self.queued.iter().map(|len| len() as u64).sum();
                let mut counts = self.counts(held);
                if self.takes.iter().any(|cell| cell.is_read_outside()) {
                    // It goes on while we read, and a slot that it has emptied is held until it gives it back. No more waits than
                    // was held a moment ago: what is gone without a count is not queued.
                    counts.queued = held.min(counts.behind());
                }
                counts
            }
            Role::Spread { .. } => {
                let mut counts = self.counts(0);
                counts.taken = counts.offered.saturating_sub(counts.shed + counts.cut);
                counts
            }
            Role::Cursor { standing, room } => {
                // First how far it is: one that has seen the end has counted everything by then.
                let standing = standing.get();
                let mut counts = self.counts(0);
                let behind = counts.behind();
                match standing {
                    ENDED => {}
                    LEFT => counts.cut += behind,
                    _ => {
                        counts.queued = behind.min(*room);
                        counts.lost += behind - counts.queued;
                    }
                }
                counts
            }
        }
    }

    fn counts(&self, queued: u64) -> RingLedger {
        let takes = self.takes.iter().map(|cell| &**cell);
        let mut counts = read_ring(takes, self.offers.iter().flatten().map(|cell| &**cell), queued);
        if let Some(outside) = &self.outside {
            counts += read_ring([], [&**outside], 0);
        }
        counts
    }

    fn is_shown(&self) -> bool {
        !matches!(self.role, Role::Spread { shown: false })
    }

    fn offered(&self, producer: usize) -> u64 {
        match &self.outside {
            Some(outside) => outside.offered.get(),
            None => self.offers[producer].iter().map(|cell| cell.offered.get()).sum(),
        }
    }

    /// What its reader left in it when it was dropped: shed, and no producer was there to give it to the shed wire.
    fn left(&self) -> u64 {
        self.takes.iter().map(|cell| cell.shed.get()).sum()
    }
}

/// Where a link begins.
#[derive(Debug, Clone, Copy)]
pub enum LinkFrom {
    /// What node number so and so gives.
    Node(usize),
    /// What is taken from ring number so and so, with no node between.
    Ring(usize),
    /// The failures of a node.
    Errors(usize),
    /// What a ring sheds.
    Shed(usize),
}

/// Where a link ends.
#[derive(Debug, Clone, Copy)]
pub enum LinkTo {
    /// In a ring, as its producer number so and so.
    Ring(usize, usize),
    /// In a node, by a call.
    Node(usize),
    /// Where the failed batches of a node go: counted in records by the node alone.
    FailedOf(usize),
}

/// A link of the declaration, for the ledger's check.
#[derive(Debug, Clone, Copy)]
pub struct LinkSpec {
    /// Its beginning.
    pub from: LinkFrom,
    /// A `match`, or an end in `-> drop`: which of the drop counters is its own.
    pub route: Option<usize>,
    /// Its ends.
    pub to: &'static [LinkTo],
}

/// From here to there.
pub const fn link(from: LinkFrom, to: &'static [LinkTo]) -> LinkSpec {
    LinkSpec { from, route: None, to }
}

impl LinkSpec {
    /// A `match`, or an end in `-> drop`.
    pub const fn route(mut self, drops: usize) -> Self {
        self.route = Some(drops);
        self
    }
}

/// All counters of a running pipeline, and what they mean.
pub(crate) struct Registry {
    pub(super) pipeline: &'static str,
    pub(super) nodes: Vec<(&'static str, Vec<Arc<NodeCell>>)>,
    pub(super) rings: Vec<RingCells>,
    /// What `=> drop` arms and `-> drop` ends count; the node that they stand behind, if any.
    pub(super) drops: Vec<(Option<usize>, Vec<Arc<NodeCell>>)>,
    pub(super) links: &'static [LinkSpec],
}

impl Registry {
    /// The counts as they stand: nodes before rings, against the stream.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let dropped: Vec<u64> = self
            .drops
            .iter()
            .map(|(_, cells)| cells.iter().map(|cell| cell.dropped.get()).sum())
            .collect();
        let mut nodes: Vec<NodeEntry> = Vec::with_capacity(self.nodes.len());
        for (index, (name, cells)) in self.nodes.iter().enumerate() {
            let mut counts: NodeLedger = cells.iter().map(|cell| cell.read()).sum();
            counts.dropped += self
                .drops
                .iter()
                .zip(&dropped)
                .filter(|((node, _), _)| *node == Some(index))
                .map(|(_, dropped)| dropped)
                .sum::<u64>();
            nodes.push(NodeEntry { name, counts });
        }
        let read: Vec<RingLedger> = self.rings.iter().map(RingCells::read).collect();
        let links = self.links.iter().map(|link| self.link(link, &nodes, &dropped)).collect();
        let mut rings: Vec<RingEntry> = Vec::with_capacity(read.len());
        for (ring, counts) in self.rings.iter().zip(read).filter(|(ring, _)| ring.is_shown()) {
            // Several edges into one node are one entry: its input.
            match rings.iter_mut().find(|entry| entry.name == ring.name) {
                Some(entry) => entry.counts += counts,
                None => rings.push(RingEntry { name: ring.name, counts }),
            }
        }
        Snapshot {
            pipeline: self.pipeline,
            rings,
            nodes,
            links,
        }
    }

    fn link(&self, link: &LinkSpec, nodes: &[NodeEntry], dropped: &[u64]) -> LinkEntry {
        let targets = link
            .to
            .iter()
            .map(|to| match *to {
                LinkTo::Ring(ring, producer) => (self.rings[ring].name, self.rings[ring].offered(producer)),
                LinkTo::Node(node) => (nodes[node].name, nodes[node].counts.taken),
                LinkTo::FailedOf(node) => (
                    nodes[node].name,
                    nodes[node].counts.failed.saturating_sub(nodes[node].counts.unwired),
                ),
            })
            .collect();
        let (from, rule) = match link.from {
            LinkFrom::Node(node) => (self.nodes[node].0, LinkRule::Each),
            LinkFrom::Ring(ring) => (self.rings[ring].name, LinkRule::Each),
            LinkFrom::Errors(node) => (self.nodes[node].0, LinkRule::Failures),
            LinkFrom::Shed(ring) => (
                self.rings[ring].name,
                LinkRule::Shed {
                    refused: self.rings[ring].left() + self.shed_beside(ring),
                },
            ),
        };
        let rule = link.route.map_or(rule, |route| LinkRule::Route { dropped: dropped[route] });
        let ring = matches!(link.from, LinkFrom::Ring(_));
        LinkEntry {
            from,
            ring,
            rule,
            targets,
        }
    }

    /// What the rings beside `ring`, before the same node, have shed that have no shed wire: a reader had gone. The first that has one tells.
    fn shed_beside(&self, ring: usize) -> u64 {
        let name = self.rings[ring].name;
        let sheds = |link: &LinkSpec| match link.from {
            LinkFrom::Shed(ring) if self.rings[ring].name == name => Some(ring),
            _ => None,
        };
        if self.links.iter().find_map(sheds) != Some(ring) {
            return 0;
        }
        let wired = |at: usize| self.links.iter().any(|link| sheds(link) == Some(at));
        let beside = self.rings.iter().enumerate();
        beside
            .filter(|(at, other)| other.name == name && !wired(*at))
            .map(|(_, other)| other.read().shed)
            .sum()
    }
}
