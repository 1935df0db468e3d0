//! The cycles: segments that feed one another in a circle end by counting to zero.

use super::*;
use crate::graph::{Edges, cyclic};

pub(super) fn find(model: &mut Model) {
    let mut edges: Edges = vec![Vec::new(); model.segments.len()];
    let mut lanes = Vec::new();
    for (at, ring) in model.rings.iter().enumerate() {
        let Some(to) = model.reader(RingId(at)) else { continue };
        for (lane, producer) in ring.producers.iter().enumerate() {
            let from = model.pushers(*producer);
            from.iter().for_each(|from| edges[from.0].push(to.0));
            lanes.push((RingId(at), lane, from, to));
        }
    }
    for members in cyclic(&edges) {
        let id = ComponentId(model.components.len());
        let inside = |segment: &SegmentId| members.binary_search(&segment.0).is_ok();
        let mut component = Component {
            segments: Vec::new(),
            rings: Vec::new(),
            entries: Vec::new(),
            retried: false,
        };
        for (ring, lane, from, to) in lanes.iter().filter(|(.., to)| inside(to)) {
            let _ = to;
            if from.iter().any(inside) {
                component.rings.push(*ring);
                component.retried |= matches!(model.rings[ring.0].producers[*lane], Producer::Errors { .. });
            }
            if from.is_empty() || !from.iter().all(inside) {
                component.entries.push((*ring, *lane));
            }
        }
        component.rings.dedup();
        for ring in &component.rings {
            model.rings[ring.0].attempts = component.retried;
            // A ring and its cursors hold the same.
            if let (Some(of), true) = (model.rings[ring.0].cursor, component.retried) {
                model.rings[of.0].attempts = true;
            }
        }
        for at in members {
            component.segments.push(SegmentId(at));
            model.segments[at].component = Some(id);
        }
        model.components.push(component);
    }
    for at in 0..model.rings.len() {
        if let Some(of) = model.rings[at].cursor {
            model.rings[at].attempts = model.rings[of.0].attempts;
        }
    }
}
