//! Fused edges that would join two tasks, or a node with itself; what comes from outside beside what does not.

use crate::graph::{Edges, cyclic, path};
use crate::pipeline::ast::Context;
use crate::pipeline::model::*;

/// Which nodes each node calls.
fn calls(model: &Model) -> Edges {
    let mut edges = vec![Vec::new(); model.nodes.len()];
    for (to, node) in model.nodes.iter().enumerate() {
        for link in node.inlets.iter().flat_map(|inlet| &inlet.links) {
            if let Origin::Node(from) = link.from {
                edges[from.0].push(to);
            }
        }
    }
    edges
}

/// What an input sheds is put into its wire by callers, anywhere: that ring has no other producer.
pub(super) fn shed_from_outside_beside_others(model: &Model, cx: &mut Context) {
    for ring in model.rings.iter().filter(|ring| ring.producers.len() > 1) {
        let Some(port) = ring.port else { continue };
        let outside = ring.producers.iter().find_map(|producer| match producer {
            Producer::Shed(of) => model.rings[of.0].port.filter(|port| model.ports[port.0].side == Side::Input),
            _ => None,
        });
        if let Some(input) = outside {
            let (input, name) = (&model.ports[input.0].name, &model.ports[port.0].name);
            let message = format!(
                "what `{input}` sheds comes from outside, so nothing else feeds `{name}`: give it a port of its own, or a ring and a stage, `{input}.shed -[64]-> stage`"
            );
            cx.errors.at(name, message);
        }
    }
}

pub(super) fn fused_cycle(model: &Model, cx: &mut Context) {
    let edges = calls(model);
    for component in cyclic(&edges) {
        let shortest = component.iter().filter_map(|&at| path(&edges, at, at)).min_by_key(Vec::len);
        let Some(route) = shortest else { continue };
        let [.., before, last] = route[..] else { continue };
        let mut links = model.nodes[last].inlets.iter().flat_map(|inlet| &inlet.links);
        let Some(link) = links.find(|link| link.from == Origin::Node(NodeId(before))) else {
            continue;
        };
        let names: Vec<_> = route.iter().map(|at| model.nodes[*at].name.to_string()).collect();
        let message = format!(
            "`{}` is a circle of direct calls: put a ring on it, one that sheds what leaves the circle, `-[64, shed]-> {}`",
            names.join(" -> "),
            model.nodes[last].name
        );
        cx.errors.at(link.span, message);
    }
}

pub(super) fn fused_fan_in(model: &Model, cx: &mut Context) {
    let cycles = cyclic(&calls(model));
    let on_cycle = |a: usize, b: usize| cycles.iter().any(|cycle| cycle.contains(&a) && cycle.contains(&b));
    for (at, node) in model.nodes.iter().enumerate() {
        let name = &node.name;
        let links: Vec<&Link> = node.inlets.iter().flat_map(|inlet| &inlet.links).collect();
        let ringed = links.iter().any(|link| matches!(link.from, Origin::Ring(_)));
        let mut home = None;
        for link in links {
            let from = match link.from {
                Origin::Ring(_) => continue,
                Origin::Node(from) if on_cycle(from.0, at) => continue,
                Origin::Node(from) => model.nodes[from.0].segment,
                Origin::Root(ring) => model.reader(ring).unwrap_or(SegmentId::NONE),
            };
            if from == SegmentId::NONE {
                continue;
            }
            if ringed {
                let message = format!(
                    "`{name}` has a ring before it elsewhere, so this fused edge would join two tasks: put a ring here too, `-[64]-> {name}`"
                );
                cx.errors.at(link.span, message);
            } else if *home.get_or_insert(from) != from {
                let message =
                    format!("fused edges from two tasks meet in `{name}`: put a ring before it in each wire, `-[64]-> {name}`");
                cx.errors.at(link.span, message);
                break;
            }
        }
    }
}
