//! The options of nodes, where they would have no effect.

use proc_macro2::Span;

use super::rings::literal;
use crate::pipeline::ast::Context;
use crate::pipeline::model::*;

/// Where a node stands in its segment.
pub(super) enum Stand {
    /// Behind a ring.
    First,
    /// It is a source.
    Source,
    /// Fused behind another node.
    Past,
    /// Nothing leads to it: that is the mistake.
    Nowhere,
}

pub(super) fn stand(node: &Node) -> Stand {
    if matches!(node.kind, Kind::Source { .. } | Kind::Every { .. }) {
        return Stand::Source;
    }
    let links: Vec<&Link> = node.inlets.iter().flat_map(|inlet| &inlet.links).collect();
    match links.iter().any(|link| matches!(link.from, Origin::Ring(_))) {
        true => Stand::First,
        false if links.is_empty() => Stand::Nowhere,
        false => Stand::Past,
    }
}

pub(super) fn is_state(node: &Node) -> bool {
    matches!(node.kind, Kind::State { .. })
}

pub(super) fn workers_zero(model: &Model, cx: &mut Context) {
    for workers in model.nodes.iter().filter_map(|node| node.options.workers.as_ref()) {
        if literal(workers) == Some(0) {
            cx.errors.at(workers, "a node has at least one worker");
        }
    }
}

pub(super) fn workers_without_a_ring(model: &Model, cx: &mut Context) {
    for node in &model.nodes {
        let (Some(workers), name) = (&node.options.workers, &node.name) else {
            continue;
        };
        match stand(node) {
            Stand::First | Stand::Nowhere => {}
            Stand::Source => cx.errors.at(
                workers,
                format!("`{name}` is a source: it gives one stream, and has one worker"),
            ),
            Stand::Past => {
                let message =
                    format!("`workers` stands on the first node of a segment: put a ring before `{name}`, `-[512]-> {name}`");
                cx.errors.at(workers, message);
            }
        }
    }
}

pub(super) fn blocking_past_the_first_node(model: &Model, cx: &mut Context) {
    for node in &model.nodes {
        let (Some(span), name) = (node.options.blocking, &node.name) else {
            continue;
        };
        match stand(node) {
            Stand::First | Stand::Nowhere => {}
            Stand::Source => cx
                .errors
                .at(span, format!("`{name}` is a source: a stream is async, so it does not block")),
            Stand::Past => {
                let message =
                    format!("`blocking` stands on the first node of a segment: put a ring before `{name}`, `-[512]-> {name}`");
                cx.errors.at(span, message);
            }
        }
    }
}

pub(super) fn pin_past_the_first_node(model: &Model, cx: &mut Context) {
    for node in &model.nodes {
        if let (Some(span), Stand::Past, name) = (node.options.pin, stand(node), &node.name) {
            let message = format!("`pin` stands on the first node of a segment: put a ring before `{name}`, `-[512]-> {name}`");
            cx.errors.at(span, message);
        }
    }
}

pub(super) fn batch_zero(model: &Model, cx: &mut Context) {
    for batch in model.nodes.iter().filter_map(|node| node.options.batch.as_ref()) {
        if literal(batch) == Some(0) {
            cx.errors.at(batch, "a batch holds at least one record");
        }
    }
}

pub(super) fn batch_without_a_ring(model: &Model, cx: &mut Context) {
    for node in &model.nodes {
        let (Some(batch), name) = (&node.options.batch, &node.name) else {
            continue;
        };
        match stand(node) {
            Stand::First | Stand::Nowhere => {}
            Stand::Source => cx.errors.at(
                batch,
                format!("`{name}` is a source: it takes no records, so it takes no batches"),
            ),
            Stand::Past => {
                let message = format!("a batch is taken from a ring: put one before `{name}`, `-[512]-> {name}`");
                cx.errors.at(batch, message);
            }
        }
    }
}

pub(super) fn tick_on_a_function(model: &Model, cx: &mut Context) {
    for node in model.nodes.iter().filter(|node| !is_state(node)) {
        if let (Some(tick), name) = (node.options.tick, &node.name) {
            let message = format!(
                "a function does not tick: `{name}` would be an `impl` stage with `fn tick`, and `node {name}: Type {{ tick: {tick} }};`"
            );
            cx.errors.at(tick.span, message);
        }
    }
}

pub(super) fn period_zero(model: &Model, cx: &mut Context) {
    let mut zero = |span: Span, value: std::time::Duration| {
        if value.is_zero() {
            cx.errors.at(span, "this time has to be longer than zero");
        }
    };
    for node in &model.nodes {
        if let Kind::Every { period } = node.kind {
            zero(period.span, period.value);
        }
        node.options.tick.iter().for_each(|tick| zero(tick.span, tick.value));
        node.options
            .restart
            .iter()
            .for_each(|restart| zero(restart.within.span, restart.within.value));
    }
}

pub(super) fn rebuild_of_a_function(model: &Model, cx: &mut Context) {
    for node in model.nodes.iter().filter(|node| !is_state(node)) {
        if let Some(span) = node.options.rebuild {
            let message =
                "`on_panic: rebuild` is for an `impl` stage: a function has no state, and its locals are rebuilt anyway";
            cx.errors.at(span, message);
        }
    }
}

pub(super) fn restart_of_a_source(model: &Model, cx: &mut Context) {
    for node in &model.nodes {
        if let (Some(restart), Stand::Source, name) = (&node.options.restart, stand(node), &node.name) {
            let message = format!("`{name}` is a source: a stream that fails has ended, and is not asked again");
            cx.errors.at(restart.within.span, message);
        }
    }
}

pub(super) fn keep_without_effect(model: &Model, cx: &mut Context) {
    if cx.broken.graph {
        return;
    }
    for node in &model.nodes {
        let Some((keep, span)) = node.options.keep else { continue };
        let (name, mut named, mut for_all) = (&node.name, false, false);
        for inlet in &node.inlets {
            named |= matches!(inlet.errors, Outlet::Wired { named: true, .. });
            for_all |= matches!(inlet.errors, Outlet::Wired { named: false, .. });
        }
        let message = match (keep, stand(node)) {
            (_, Stand::Nowhere) => continue,
            (_, Stand::Source) => format!("`keep` has no effect: `{name}` is a source, and takes no record that it could keep"),
            (Keep::Nothing, _) if !named => {
                format!("`keep: nothing` has no effect: `{name}` keeps records only where `{name}.errors` is wired by name")
            }
            (Keep::Record, _) if !for_all && named => {
                format!("`keep: record` has no effect: `{name}.errors` is wired by name, so `{name}` keeps its records anyway")
            }
            (Keep::Record, _) if !for_all => {
                format!("`keep: record` has no effect: the failures of `{name}` go nowhere; wire `errors -[64]-> …;`")
            }
            _ => continue,
        };
        cx.errors.at(span, message);
    }
}
