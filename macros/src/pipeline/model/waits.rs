//! The wait-for graph: who waits for room in whose ring. A cycle in it can deadlock, unless a pulled node stands on it.

use super::*;
use crate::graph::{Edges, cycles, cyclic, path, reach};

/// A segment that waits for another one.
struct Wait {
    from: SegmentId,
    to: SegmentId,
    ring: RingId,
    /// Nodes that stand before every push of this kind: if one of them is pulled, taking never waits for this ring.
    guards: Vec<NodeId>,
}

/// More cycles than a person draws.
const LIMIT: usize = 256;

pub(super) fn find(model: &mut Model) {
    let mut waits = waits(model);
    let mut edges: Edges = vec![Vec::new(); model.segments.len()];
    waits.iter().for_each(|wait| edges[wait.from.0].push(wait.to.0));
    let circles = cyclic(&edges);
    waits.retain(|wait| {
        circles
            .iter()
            .any(|circle| circle.contains(&wait.from.0) && circle.contains(&wait.to.0))
    });
    let mut checks = Vec::new();
    // Without any guard: wrong whatever the stages are. One error for all that hangs together.
    let bare: Vec<&Wait> = waits.iter().filter(|wait| wait.guards.is_empty()).collect();
    let mut edges: Edges = vec![Vec::new(); model.segments.len()];
    bare.iter().for_each(|wait| edges[wait.from.0].push(wait.to.0));
    for component in cyclic(&edges) {
        let shortest = component.iter().filter_map(|&at| path(&edges, at, at)).min_by_key(Vec::len);
        let Some(route) = shortest else { continue };
        let steps: Vec<&Wait> = route
            .windows(2)
            .filter_map(|pair| {
                bare.iter()
                    .find(|wait| wait.from.0 == pair[0] && wait.to.0 == pair[1])
                    .copied()
            })
            .collect();
        checks.push(check(model, &steps, Vec::new()));
    }
    // With guards: one of them has to be pulled. Every edge is a vertex here, since two edges may join the same segments.
    let lines: Edges = waits
        .iter()
        .map(|wait| (0..waits.len()).filter(|next| waits[*next].from == wait.to).collect())
        .collect();
    let guarded = cycles(&lines, LIMIT).into_iter().filter_map(|cycle| {
        let steps: Vec<&Wait> = cycle.into_iter().map(|at| &waits[at]).collect();
        let mut nodes: Vec<NodeId> = steps.iter().flat_map(|wait| wait.guards.iter().copied()).collect();
        nodes.sort_unstable();
        nodes.dedup();
        (!nodes.is_empty()).then(|| check(model, &steps, nodes))
    });
    let guarded: Vec<PullCheck> = guarded.collect();
    for (at, one) in guarded.iter().enumerate() {
        // What a smaller set asks for, this one asks for too.
        let covered = guarded.iter().enumerate().any(|(other, smaller)| {
            let subset = smaller.nodes.iter().all(|node| one.nodes.contains(node));
            subset && (smaller.nodes.len() < one.nodes.len() || other < at && smaller.nodes.len() == one.nodes.len())
        });
        if !covered {
            checks.push(PullCheck {
                nodes: one.nodes.clone(),
                span: one.span,
                cycle: one.cycle.clone(),
            });
        }
    }
    model.pull_checks = checks;
}

fn check(model: &Model, steps: &[&Wait], nodes: Vec<NodeId>) -> PullCheck {
    // The ring written last is the one that leads back.
    let last = steps.iter().max_by_key(|wait| wait.ring);
    let span = last.map_or_else(Span::call_site, |wait| model.rings[wait.ring.0].span);
    // From each ring the node that it leads into, and the one that feeds the next ring.
    let mut names: Vec<String> = Vec::new();
    for (at, wait) in steps.iter().enumerate() {
        let before = &steps[(at + steps.len() - 1) % steps.len()];
        names.push(entry(model, before.ring));
        let feeder = model.rings[wait.ring.0].producers.iter().find_map(|producer| match producer {
            Producer::Node(node) | Producer::Errors { node, .. } if model.nodes[node.0].segment == wait.from => Some(*node),
            _ => None,
        });
        names.extend(feeder.map(|node| model.nodes[node.0].name.to_string()));
    }
    names.extend(steps.last().map(|wait| entry(model, wait.ring)));
    names.dedup();
    if names.len() == 1 {
        names.push(names[0].clone());
    }
    PullCheck {
        nodes,
        span,
        cycle: names.join(" -> "),
    }
}

/// What a ring leads into.
fn entry(model: &Model, ring: RingId) -> String {
    match model.entry(ring) {
        Some(node) => model.nodes[node.0].name.to_string(),
        None => model.ring_name(ring),
    }
}

fn waits(model: &Model) -> Vec<Wait> {
    let mut waits: Vec<Wait> = Vec::new();
    for (at, ring) in model.rings.iter().enumerate() {
        let Some(to) = model.reader(RingId(at)) else { continue };
        if ring.policy != Policy::Wait {
            continue;
        }
        for producer in ring
            .producers
            .iter()
            .filter(|producer| !matches!(producer, Producer::Lagged(_)))
        {
            for (from, guards) in pushes(model, *producer) {
                let known = waits
                    .iter_mut()
                    .find(|wait| (wait.from, wait.to, wait.ring) == (from, to, RingId(at)));
                match known {
                    // Two lanes: only what guards both guards the ring.
                    Some(wait) => wait.guards.retain(|guard| guards.contains(guard)),
                    None => waits.push(Wait {
                        from,
                        to,
                        ring: RingId(at),
                        guards,
                    }),
                }
            }
        }
    }
    waits
}

/// The segments that push what a producer gives, with the nodes that guard it.
fn pushes(model: &Model, producer: Producer) -> Vec<(SegmentId, Vec<NodeId>)> {
    match producer {
        Producer::Node(node) => vec![(model.nodes[node.0].segment, guards(model, node, true))],
        Producer::Errors { node, .. } => vec![(model.nodes[node.0].segment, guards(model, node, false))],
        Producer::Shed(ring) if ring.0 < model.rings.len() => {
            let lanes = model.rings[ring.0].producers.iter();
            lanes
                .filter(|lane| !matches!(lane, Producer::Shed(_)))
                .flat_map(|lane| pushes(model, *lane))
                .collect()
        }
        other => model
            .pushers(other)
            .into_iter()
            .map(|segment| (segment, Vec::new()))
            .collect(),
    }
    .into_iter()
    .filter(|(segment, _)| *segment != SegmentId::NONE)
    .collect()
}

/// The state nodes through which all goes that comes to `node` within its segment.
fn guards(model: &Model, node: NodeId, itself: bool) -> Vec<NodeId> {
    let Some(segment) = model.segments.get(model.nodes[node.0].segment.0) else {
        return Vec::new();
    };
    let Head::Rings(intakes) = &segment.head else {
        return Vec::new();
    };
    let targets = |next: &Next| {
        let leaves = next.leaves(&model.routes).into_iter();
        let found = leaves.filter_map(|leaf| match leaf {
            Next::Fused { to, .. } => Some(to.0),
            _ => None,
        });
        found.collect::<Vec<_>>()
    };
    let roots: Vec<usize> = intakes.iter().flat_map(|intake| targets(&intake.next)).collect();
    let state = segment
        .nodes
        .iter()
        .filter(|at| matches!(model.nodes[at.0].kind, Kind::State { .. }));
    let guards = state.filter(|guard| match **guard == node {
        true => itself,
        false => {
            let around = |at: &usize| *at != guard.0;
            let edges: Edges = model
                .nodes
                .iter()
                .enumerate()
                .map(|(at, found)| {
                    if at == guard.0 {
                        Vec::new()
                    } else {
                        targets(&found.next).into_iter().filter(around).collect()
                    }
                })
                .collect();
            !reach(&edges, roots.iter().copied().filter(around))[node.0]
        }
    });
    guards.copied().collect()
}
