//! What the sources reach.

use super::*;
use crate::graph::{Edges, reach};

/// Which nodes get records at all.
pub(crate) struct Reach {
    pub nodes: Vec<bool>,
    /// Every wire: the vertices are the nodes, and behind them the rings.
    pub edges: Edges,
}

/// Every wire: the vertices are the nodes, and behind them the rings. `behind` says what is read from which ring.
pub(super) fn wires<'a>(
    nodes: &[Node],
    rings: &[Ring],
    routes: &[Route],
    behind: impl IntoIterator<Item = (RingId, &'a Next)>,
) -> Edges {
    let base = nodes.len();
    let mut edges = vec![Vec::new(); base + rings.len()];
    let to = |next: &Next| {
        let leaves = next.leaves(routes).into_iter();
        let found = leaves.filter_map(|leaf| match leaf {
            Next::Fused { to, .. } => Some(to.0),
            Next::Ring { ring, .. } => Some(base + ring.0),
            _ => None,
        });
        found.collect::<Vec<_>>()
    };
    for (at, node) in nodes.iter().enumerate() {
        edges[at].extend(to(&node.next));
        edges[at].extend(node.inlets.iter().filter_map(|inlet| match inlet.errors {
            Outlet::Wired { ring, .. } => Some(base + ring.0),
            Outlet::Unwired | Outlet::Dropped => None,
        }));
    }
    for (at, ring) in rings.iter().enumerate() {
        edges[base + at].extend(ring.shed.map(|(ring, _)| base + ring.0));
        edges[base + at].extend(ring.lagged.map(|(ring, _)| base + ring.0));
        ring.cursor.iter().for_each(|of| edges[base + of.0].push(base + at));
    }
    for (ring, next) in behind {
        edges[base + ring.0].extend(to(next));
    }
    edges
}

impl Model {
    /// Follows every wire from the inputs and the sources.
    pub(crate) fn reach(&self) -> Reach {
        let base = self.nodes.len();
        let heads = self.segments.iter().filter_map(|segment| match &segment.head {
            Head::Rings(intakes) => Some(intakes),
            Head::Source(_) => None,
        });
        let behind = heads.flatten().map(|intake| (intake.ring, &intake.next));
        let edges = wires(&self.nodes, &self.rings, &self.routes, behind);
        let sources = self.nodes.iter().enumerate();
        let sources = sources.filter(|(_, node)| matches!(node.kind, Kind::Source { .. } | Kind::Every { .. }));
        let inputs = self.rings.iter().enumerate();
        let inputs = inputs.filter(|(_, ring)| ring.producers.iter().any(|of| matches!(of, Producer::Outside(_))));
        let roots: Vec<_> = sources.map(|(at, _)| at).chain(inputs.map(|(at, _)| base + at)).collect();
        let mut nodes = reach(&edges, roots);
        nodes.truncate(base);
        Reach { nodes, edges }
    }
}
