//! What the sources reach.

use super::*;
use crate::graph::{Edges, reach};

/// Which nodes get records at all.
pub(crate) struct Reach {
    pub nodes: Vec<bool>,
    /// Every wire: the vertices are the nodes, and behind them the rings.
    pub edges: Edges,
}

impl Model {
    /// Follows every wire from the inputs and the sources.
    pub(crate) fn reach(&self) -> Reach {
        let base = self.nodes.len();
        let mut edges = vec![Vec::new(); base + self.rings.len()];
        let to = |next: &Next| {
            let leaves = next.leaves(&self.routes).into_iter();
            let found = leaves.filter_map(|leaf| match leaf {
                Next::Fused { to, .. } => Some(to.0),
                Next::Ring { ring, .. } => Some(base + ring.0),
                _ => None,
            });
            found.collect::<Vec<_>>()
        };
        let mut roots = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            edges[at].extend(to(&node.next));
            edges[at].extend(node.inlets.iter().filter_map(|inlet| match inlet.errors {
                Outlet::Wired { ring, .. } => Some(base + ring.0),
                Outlet::Unwired | Outlet::Dropped => None,
            }));
            if matches!(node.kind, Kind::Source { .. } | Kind::Every { .. }) {
                roots.push(at);
            }
        }
        for (at, ring) in self.rings.iter().enumerate() {
            edges[base + at].extend(ring.shed.map(|(ring, _)| base + ring.0));
            edges[base + at].extend(ring.lagged.map(|(ring, _)| base + ring.0));
            ring.cursor.iter().for_each(|of| edges[base + of.0].push(base + at));
            if ring.producers.iter().any(|producer| matches!(producer, Producer::Outside(_))) {
                roots.push(base + at);
            }
        }
        for segment in &self.segments {
            if let Head::Rings(intakes) = &segment.head {
                for intake in intakes {
                    edges[base + intake.ring.0].extend(to(&intake.next));
                }
            }
        }
        let mut nodes = reach(&edges, roots);
        nodes.truncate(base);
        Reach { nodes, edges }
    }
}
