//! The ledger: the counts that account for every record.
//!
//! The counts are plain data, taken from a running pipeline or at its end. [`Snapshot`] holds them by name; `pipeline!`
//! generates a struct with a field for each port and node around it, which implements [`Ledger`].
//!
//! A port's ring has the port's name, the ring before a node has the node's name, that of an inlet is called `matcher.order`.

mod check;
mod counts;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

pub use check::{Broken, LedgerError};
pub use counts::{FedLedger, NodeLedger, RingLedger};

use super::table::{Side, Table};

/// The counts of one ring, under its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RingEntry {
    /// The name of the port, of the node behind the ring, or of the inlet.
    pub name: &'static str,
    /// Its counts, lanes summed.
    pub counts: RingLedger,
}

/// The counts of one node, under its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeEntry {
    /// The name of the node.
    pub name: &'static str,
    /// Its counts, workers summed.
    pub counts: NodeLedger,
}

/// What a wire says of the counts at its two ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkRule {
    /// Every target was offered all that the node emitted, or that was taken from the port.
    Each,
    /// A `match`: what was emitted went to one target each, or was dropped by an arm. An end in `-> drop` has no targets.
    Route {
        /// Records that a `drop` arm ended.
        dropped: u64,
    },
    /// An `.errors` outlet: the targets of all such links of a node were offered what failed and is not `unwired`.
    Failures,
    /// A `.shed` outlet: the targets were offered what the ring shed, but for what a reader that was dropped left behind.
    Shed {
        /// Records that the wire did not take: it never waits.
        refused: u64,
    },
}

/// A wire out of a node, a port or an outlet, and how many records each of its ends was offered through it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkEntry {
    /// The node or ring that it leaves.
    pub from: &'static str,
    /// It leaves the ring of that name, and not the node: what is taken from the ring goes over it.
    pub ring: bool,
    /// The equation that it keeps.
    pub rule: LinkRule,
    /// The nodes or ports that it feeds, each with the records that this link offered it.
    pub targets: Vec<(&'static str, u64)>,
}

/// All the counts of a pipeline, by name.
///
/// Its `Display` is a table; it serializes as `{ pipeline, rings: { name: counts }, nodes: { name: counts }, links: [ … ] }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Snapshot {
    /// The name of the pipeline.
    pub pipeline: &'static str,
    /// Its rings, in the order of the declaration.
    #[serde(serialize_with = "rings_by_name")]
    pub rings: Vec<RingEntry>,
    /// Its nodes, in the order of the declaration.
    #[serde(serialize_with = "nodes_by_name")]
    pub nodes: Vec<NodeEntry>,
    /// Its wires.
    pub links: Vec<LinkEntry>,
}

impl Snapshot {
    /// The counts of the ring called `name`.
    pub fn ring(&self, name: &str) -> Option<RingLedger> {
        self.rings.iter().find(|ring| ring.name == name).map(|ring| ring.counts)
    }

    /// The counts of the node called `name`.
    pub fn node(&self, name: &str) -> Option<NodeLedger> {
        self.nodes.iter().find(|node| node.name == name).map(|node| node.counts)
    }

    /// The field of a port, for generated code.
    #[doc(hidden)]
    pub fn ring_field(&self, name: &'static str) -> RingLedger {
        self.ring(name)
            .unwrap_or_else(|| panic!("the ledger of `{}` counts no ring `{name}`", self.pipeline))
    }

    /// The field of a node without a ring, for generated code.
    #[doc(hidden)]
    pub fn node_field(&self, name: &'static str) -> NodeLedger {
        self.node(name)
            .unwrap_or_else(|| panic!("the ledger of `{}` counts no node `{name}`", self.pipeline))
    }

    /// The field of a node with a ring before it, for generated code.
    #[doc(hidden)]
    pub fn fed_field(&self, name: &'static str) -> FedLedger {
        FedLedger::new(self.node_field(name), self.ring_field(name))
    }
}

impl fmt::Display for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rings = counts_table(
            "ring",
            RingLedger::NAMES,
            self.rings.iter().map(|ring| (ring.name, ring.counts.values())),
            &["quota", "limit"],
        );
        let nodes = counts_table(
            "node",
            NodeLedger::NAMES,
            self.nodes.iter().map(|node| (node.name, node.counts.values())),
            &[],
        );
        f.write_str(self.pipeline)?;
        // The names of both are equally wide: their numbers then start below each other.
        let first = rings.first_width().max(nodes.first_width());
        for table in [rings, nodes].iter().filter(|table| !table.is_empty()) {
            f.write_str("\n\n")?;
            table.write(first, f)?;
        }
        Ok(())
    }
}

/// A row of counts for each name. A count of nothing is a dot, so that the others stand out; of the columns that are `rare`, those that
/// have nothing else are left out.
fn counts_table<C: Iterator<Item = u64>>(
    head: &str,
    columns: &[&str],
    rows: impl Iterator<Item = (&'static str, C)>,
    rare: &[&str],
) -> Table {
    let rows: Vec<(&str, Vec<u64>)> = rows.map(|(name, counts)| (name, counts.collect())).collect();
    let counted = |at: usize| rows.iter().any(|(_, counts)| counts[at] > 0);
    let (at, names): (Vec<usize>, Vec<_>) = columns
        .iter()
        .enumerate()
        .filter(|(at, name)| !rare.contains(name) || counted(*at))
        .map(|(at, name)| (at, (name.replace('_', " "), Side::Right)))
        .unzip();
    let mut table = Table::new([(head.to_owned(), Side::Left)].into_iter().chain(names));
    for (name, counts) in rows {
        let counts = at.iter().map(|at| counts[*at]);
        let shown = counts.map(|count| if count == 0 { "·".to_owned() } else { count.to_string() });
        table.row([name.to_owned()].into_iter().chain(shown));
    }
    table
}

/// What every generated ledger can do.
pub trait Ledger: Sized + Clone + Send + Sync + fmt::Display {
    /// Spreads the counts over the fields.
    #[doc(hidden)]
    fn from_snapshot(snapshot: Snapshot) -> Self;

    /// The counts by name, for tools.
    fn snapshot(&self) -> &Snapshot;

    /// Checks every equation of the ledger. They hold when nothing moves: before the start, and at the end.
    fn check(&self) -> Result<(), LedgerError> {
        self.snapshot().check()
    }

    /// Checks what holds at any moment, in a running pipeline too.
    fn check_live(&self) -> Result<(), LedgerError> {
        self.snapshot().check_live()
    }

    /// The counts of the node called `name`.
    fn node(&self, name: &str) -> Option<NodeLedger> {
        self.snapshot().node(name)
    }

    /// The counts of the ring called `name`: a port, or the ring before a node.
    fn ring(&self, name: &str) -> Option<RingLedger> {
        self.snapshot().ring(name)
    }
}

impl Ledger for Snapshot {
    fn from_snapshot(snapshot: Snapshot) -> Self {
        snapshot
    }

    fn snapshot(&self) -> &Snapshot {
        self
    }
}

fn rings_by_name<S: Serializer>(rings: &[RingEntry], to: S) -> Result<S::Ok, S::Error> {
    by_name(rings.iter().map(|ring| (ring.name, ring.counts)), to)
}

fn nodes_by_name<S: Serializer>(nodes: &[NodeEntry], to: S) -> Result<S::Ok, S::Error> {
    by_name(nodes.iter().map(|node| (node.name, node.counts)), to)
}

fn by_name<C: Serialize, S: Serializer>(
    entries: impl ExactSizeIterator<Item = (&'static str, C)>,
    to: S,
) -> Result<S::Ok, S::Error> {
    let mut map = to.serialize_map(Some(entries.len()))?;
    for (name, counts) in entries {
        map.serialize_entry(name, &counts)?;
    }
    map.end()
}
