//! What is declared and connected to nothing.

use crate::graph::{reach, topological};
use crate::names::hint;
use crate::pipeline::ast::Context;
use crate::pipeline::model::*;

pub(super) fn pipeline_without_a_wire(model: &Model, cx: &mut Context) {
    if model.nodes.is_empty() && model.ports.is_empty() {
        cx.errors.at(
            &model.name,
            "a pipeline has at least one wire: `requests -> answer -> answers;`",
        );
    }
}

pub(super) fn input_that_nothing_reads(model: &Model, cx: &mut Context) {
    for port in model.ports.iter().filter(|port| port.side != Side::Output) {
        let name = &port.name;
        if matches!(model.rings[port.ring.0].consumer, Consumer::Nobody) && !cx.broken.has(name) {
            let what = if port.side == Side::Input { "input" } else { "topic" };
            cx.errors.at(
                name,
                format!("nothing reads the {what} `{name}`: begin a wire with it, `{name} -> …;`"),
            );
        }
    }
}

pub(super) fn output_that_nothing_feeds(model: &Model, cx: &mut Context) {
    for port in model.ports.iter().filter(|port| port.side != Side::Input) {
        let name = &port.name;
        if model.rings[port.ring.0].producers.is_empty() && !cx.broken.has(name) {
            let what = if port.side == Side::Output { "output" } else { "topic" };
            cx.errors.at(
                name,
                format!("nothing feeds the {what} `{name}`: end a wire with it, `… -> {name};`"),
            );
        }
    }
}

pub(super) fn stage_that_no_source_reaches(model: &Model, cx: &mut Context) {
    let reached = model.reach();
    let base = model.nodes.len();
    let unfed = |ring: &usize| model.rings[*ring].producers.is_empty();
    // What stands behind a topic that nothing feeds follows from that mistake.
    let follows: Vec<usize> = (0..model.rings.len()).filter(unfed).map(|ring| base + ring).collect();
    let mut told = reach(&reached.edges, follows);
    for at in topological(&reached.edges, 0..base) {
        if at >= base || reached.nodes[at] || told[at] {
            continue;
        }
        let behind = reach(&reached.edges, [at]);
        // On a cycle, the one that stands first.
        let first = (0..at).find(|other| behind[*other] && reach(&reached.edges, [*other])[at]);
        let node = &model.nodes[first.unwrap_or(at)];
        let name = &node.name;
        for (at, found) in behind.into_iter().enumerate() {
            told[at] |= found;
        }
        if cx.broken.has(name) {
            continue;
        }
        let hint = hint(&name.to_string(), model.ports.iter().map(|port| port.name.to_string()));
        let message = match node.inlets.iter().all(|inlet| inlet.links.is_empty()) {
            true => format!("no wire leads to `{name}`{hint}"),
            false => format!("no source reaches `{name}`: only a cycle leads to it{hint}"),
        };
        cx.errors.at(name, message);
    }
}
