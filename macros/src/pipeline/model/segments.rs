//! Cuts the graph into segments: one task each.

use super::*;
use crate::graph::{Edges, topological};

/// Makes the segments from what stands behind each ring.
pub(super) fn cut(model: &mut Model, reads: Vec<Option<Next>>) {
    // Rings that lead straight into a node belong to it; the others begin a segment of their own.
    let mut intakes: Vec<Vec<Intake>> = model.nodes.iter().map(|_| Vec::new()).collect();
    let mut roots = Vec::new();
    for (at, next) in reads.into_iter().enumerate() {
        let ring = RingId(at);
        match next {
            Some(Next::Fused { to, .. }) if is_first(model, to) => {
                let Some(next) = next else { continue };
                intakes[to.0].push(Intake { ring, next });
            }
            Some(next) => roots.push(Intake { ring, next }),
            None => {
                if let Some(port) = model.rings[at].port.filter(|port| model.ports[port.0].side == Side::Output) {
                    model.rings[at].consumer = Consumer::Outside(port);
                } else if is_followed(model, ring) {
                    model.rings[at].consumer = Consumer::Cursors;
                }
            }
        }
    }
    let edges = fused(model);
    for (at, intakes) in intakes.into_iter().enumerate() {
        let head = match intakes.is_empty() {
            false => Head::Rings(intakes),
            true if is_source(&model.nodes[at]) => Head::Source(NodeId(at)),
            true => continue,
        };
        segment(model, &edges, head, vec![at]);
    }
    for intake in roots {
        let first = intake
            .next
            .leaves(&model.routes)
            .into_iter()
            .filter_map(fused_to)
            .map(|node| node.0)
            .collect();
        segment(model, &edges, Head::Rings(vec![intake]), first);
    }
}

/// Whether a ring has cursors, or somebody borrows its newest value.
fn is_followed(model: &Model, id: RingId) -> bool {
    let borrowed = |resource: &Resource| matches!(resource.sharing, Sharing::Latest(port) if model.ports[port.0].ring == id);
    model.rings.iter().any(|ring| ring.cursor == Some(id)) || model.resources.iter().any(borrowed)
}

/// Whether a ring leads into the node.
fn is_first(model: &Model, node: NodeId) -> bool {
    let mut links = model.nodes[node.0].inlets.iter().flat_map(|inlet| &inlet.links);
    links.any(|link| matches!(link.from, Origin::Ring(_)))
}

fn is_source(node: &Node) -> bool {
    matches!(node.kind, Kind::Source { .. } | Kind::Every { .. })
}

fn fused_to(next: &Next) -> Option<NodeId> {
    match next {
        Next::Fused { to, .. } => Some(*to),
        _ => None,
    }
}

/// Which nodes each node calls; those that begin a segment of their own are left out (a check refuses the edge).
fn fused(model: &Model) -> Edges {
    let called = |node: &Node| {
        let leaves = node.next.leaves(&model.routes).into_iter();
        leaves
            .filter_map(fused_to)
            .filter(|to| !is_first(model, *to))
            .map(|to| to.0)
            .collect()
    };
    model.nodes.iter().map(called).collect()
}

fn segment(model: &mut Model, edges: &Edges, head: Head, first: Vec<usize>) {
    let id = SegmentId(model.segments.len());
    let mut nodes = Vec::new();
    let first: Vec<usize> = first
        .into_iter()
        .filter(|node| is_source(&model.nodes[*node]) || !is_first(model, NodeId(*node)) || leads(&head, *node))
        .collect();
    for node in topological(edges, first) {
        // One that another segment has called already stays there (a check refuses the edge).
        if model.nodes[node].segment == SegmentId::NONE {
            model.nodes[node].segment = id;
            nodes.push(NodeId(node));
        }
    }
    let mut segment = Segment {
        name: String::new(),
        nodes,
        workers: None,
        blocking: false,
        pinned: false,
        component: None,
        entered: false,
        span: Span::call_site(),
        head,
    };
    if let Head::Rings(intakes) = &segment.head {
        for (intake, found) in intakes.iter().enumerate() {
            model.rings[found.ring.0].consumer = Consumer::Segment { segment: id, intake };
        }
    }
    match (segment.nodes.first(), &segment.head) {
        (Some(node), head) => {
            let first = &model.nodes[node.0];
            (segment.name, segment.span) = (first.name.to_string(), first.name.span());
            if matches!(head, Head::Source(_)) || leads(head, node.0) {
                segment.workers = first.options.workers.clone();
                segment.blocking = first.options.blocking.is_some();
                segment.pinned = first.options.pin.is_some();
            }
        }
        (None, Head::Rings(intakes)) => {
            let ring = intakes.first().map(|intake| intake.ring);
            if let Some(ring) = ring {
                segment.name = model.ring_name(ring);
                segment.span = model.rings[ring.0].span;
            }
        }
        (None, Head::Source(_)) => {}
    }
    model.segments.push(segment);
}

/// Whether the rings of this head lead straight into the node.
fn leads(head: &Head, node: usize) -> bool {
    match head {
        Head::Source(source) => source.0 == node,
        Head::Rings(intakes) => intakes.iter().any(|intake| fused_to(&intake.next) == Some(NodeId(node))),
    }
}

impl Model {
    /// What to call a ring: its port, or the node that it stands before, or the one behind which it stands.
    pub(crate) fn ring_name(&self, ring: RingId) -> String {
        let found = &self.rings[ring.0];
        if let Some(port) = found.port {
            return self.ports[port.0].name.to_string();
        }
        if let Some(node) = self.entry(ring) {
            return self.nodes[node.0].name.to_string();
        }
        if let Some(of) = found.cursor {
            return self.ring_name(of);
        }
        match found.producers.first() {
            Some(Producer::Node(node)) => format!("{}.out", self.nodes[node.0].name),
            Some(Producer::Errors { node, .. }) => format!("{}.errors", self.nodes[node.0].name),
            Some(Producer::Shed(ring)) if ring.0 < self.rings.len() => format!("{}.shed", self.ring_name(*ring)),
            Some(Producer::Root(ring)) => format!("{}.out", self.ring_name(*ring)),
            Some(Producer::Outside(port)) => self.ports[port.0].name.to_string(),
            Some(Producer::Lagged(ring)) if ring.0 < self.rings.len() => format!("{}.lagged", self.ring_name(*ring)),
            Some(Producer::Shed(_) | Producer::Lagged(_)) | None => "ring".to_owned(),
        }
    }

    /// The node that a ring leads straight into.
    pub(crate) fn entry(&self, ring: RingId) -> Option<NodeId> {
        let Consumer::Segment { segment, intake } = self.rings[ring.0].consumer else {
            return None;
        };
        match &self.segments.get(segment.0)?.head {
            Head::Rings(intakes) => fused_to(&intakes.get(intake)?.next),
            Head::Source(_) => None,
        }
    }

    /// The segments whose tasks push what this producer gives; none for callers outside.
    pub(crate) fn pushers(&self, producer: Producer) -> Vec<SegmentId> {
        let mut found = Vec::new();
        let mut todo = vec![producer];
        let mut seen = Vec::new();
        while let Some(producer) = todo.pop() {
            match producer {
                Producer::Outside(_) => {}
                Producer::Node(node) | Producer::Errors { node, .. } => found.push(self.nodes[node.0].segment),
                // (A wire without its cursor: only in a model with errors.)
                Producer::Lagged(ring) if ring.0 >= self.rings.len() => {}
                Producer::Root(ring) | Producer::Lagged(ring) => found.extend(self.reader(ring)),
                Producer::Shed(ring) if seen.contains(&ring) || ring.0 >= self.rings.len() => {}
                Producer::Shed(ring) => {
                    seen.push(ring);
                    todo.extend(self.rings[ring.0].producers.iter().copied());
                }
            }
        }
        found.retain(|segment| *segment != SegmentId::NONE);
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The segment that reads a ring; none for callers outside.
    pub(crate) fn reader(&self, ring: RingId) -> Option<SegmentId> {
        match self.rings[ring.0].consumer {
            Consumer::Segment { segment, .. } => Some(segment),
            Consumer::Nobody | Consumer::Cursors | Consumer::Outside(_) => None,
        }
    }
}
