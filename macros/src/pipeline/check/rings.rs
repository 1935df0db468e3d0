//! Capacities, keys, and batches that do not fit.

use syn::Expr;

use crate::names::powers;
use crate::pipeline::ast::Context;
use crate::pipeline::model::*;

/// The rings as written: the one of `errors` for all stands once, for all that it takes.
pub(super) fn written(model: &Model) -> impl Iterator<Item = &Ring> {
    let mut seen = false;
    model.rings.iter().filter(|ring| ring.cursor.is_none()).filter(move |ring| {
        let for_all = matches!(ring.producers.first(), Some(Producer::Errors { node, inlet })
            if matches!(model.nodes[node.0].inlets[*inlet].errors, Outlet::Wired { named: false, .. }));
        !(for_all && std::mem::replace(&mut seen, true))
    })
}

pub(super) fn capacity_zero(model: &Model, cx: &mut Context) {
    for ring in written(model) {
        if let Capacity::Lit { value: 0, span } = ring.capacity {
            cx.errors
                .at(span, "a ring holds at least one record: write `[1]`, or `->` for no ring");
        }
    }
}

pub(super) fn capacity_not_a_power_of_two(model: &Model, cx: &mut Context) {
    for ring in written(model) {
        let Capacity::Lit { value, span } = ring.capacity else {
            continue;
        };
        if value == 0 || value.is_power_of_two() {
            continue;
        }
        let nearest = match powers(value) {
            (Some(below), Some(above)) => format!("{below} or {above}"),
            (below, above) => format!("{}", below.or(above).unwrap_or(1)),
        };
        cx.errors.at(
            span,
            format!("a capacity is a power of two, and {value} is not: write {nearest}"),
        );
    }
}

/// Affinity chooses between workers.
pub(super) fn key_before_one_worker(model: &Model, cx: &mut Context) {
    for ring in written(model) {
        let (span, words) = match &ring.affinity {
            Affinity::None => continue,
            Affinity::Key(span) => (*span, "by key".to_owned()),
            Affinity::Field(field) => (field.span(), format!("by {field}")),
        };
        let segment = match ring.consumer {
            Consumer::Segment { segment, .. } => &model.segments[segment.0],
            Consumer::Outside(port) => {
                let name = &model.ports[port.0].name;
                cx.errors.at(
                    span,
                    format!("`{words}` chooses between workers, and the output `{name}` has one reader: leave it out"),
                );
                continue;
            }
            // Nothing reads it: that is the mistake. And cursors have no affinity.
            Consumer::Nobody | Consumer::Cursors => continue,
        };
        match &segment.workers {
            Some(workers) if literal(workers) != Some(1) => {}
            _ if cx.broken.graph => {}
            _ => match segment.nodes.first() {
                Some(first) => {
                    let name = &model.nodes[first.0].name;
                    let message = format!(
                        "`{words}` chooses between workers, and `{name}` has one: leave it out, or write `{name} {{ workers: 4 }}`"
                    );
                    cx.errors.at(span, message);
                }
                None => cx.errors.at(
                    span,
                    format!("`{words}` chooses between workers, and no stage follows: leave it out"),
                ),
            },
        }
    }
}

pub(super) fn batch_larger_than_its_ring(model: &Model, cx: &mut Context) {
    for node in &model.nodes {
        let Some(batch) = &node.options.batch else { continue };
        let Some(most) = literal(batch) else { continue };
        let links = node.inlets.iter().flat_map(|inlet| &inlet.links);
        let rings = links.filter_map(|link| match link.from {
            Origin::Ring(ring) => Some(&model.rings[ring.0]),
            Origin::Node(_) | Origin::Root(_) => None,
        });
        let capacities = rings.filter_map(|ring| match ring.capacity {
            Capacity::Lit { value, .. } => Some(value),
            Capacity::Expr(_) => None,
        });
        if let Some(capacity) = capacities.min().filter(|capacity| *capacity < most) {
            let name = &node.name;
            cx.errors.at(
                batch,
                format!("a batch of {most} never fills: the ring before `{name}` holds {capacity}"),
            );
        }
    }
}

/// The number that an expression is, where it is one.
pub(super) fn literal(expr: &Expr) -> Option<u64> {
    match expr {
        Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Int(int), ..
        }) => int.base10_parse().ok(),
        Expr::Paren(inner) => literal(&inner.expr),
        Expr::Group(inner) => literal(&inner.expr),
        _ => None,
    }
}
