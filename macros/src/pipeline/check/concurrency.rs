//! Where several records cannot be in flight at once.

use super::options::{Stand, is_state, stand};
use super::rings::literal;
use crate::pipeline::ast::Context;
use crate::pipeline::model::*;

/// The nodes that say it.
fn said(model: &Model) -> impl Iterator<Item = (&Node, &Concurrency)> {
    model
        .nodes
        .iter()
        .filter_map(|node| Some((node, node.options.concurrency.as_ref()?)))
}

pub(super) fn concurrency_below_two(model: &Model, cx: &mut Context) {
    for (node, concurrency) in said(model) {
        let name = &node.name;
        if let Some(most @ (0 | 1)) = literal(&concurrency.most) {
            let message =
                format!("`concurrency: {most}` has no effect: a worker of `{name}` works on one record at a time anyway");
            cx.errors.at(&concurrency.most, message);
        }
    }
}

pub(super) fn concurrency_without_a_ring(model: &Model, cx: &mut Context) {
    for (node, concurrency) in said(model) {
        let name = &node.name;
        let message = match stand(node) {
            Stand::First | Stand::Nowhere => continue,
            Stand::Source => format!("`{name}` is a source: it takes no record, so `concurrency` has no effect"),
            Stand::Past => {
                format!("`concurrency` stands on the first node of a segment: put a ring before `{name}`, `-[512]-> {name}`")
            }
        };
        cx.errors.at(concurrency.word, message);
    }
}

pub(super) fn concurrency_of_an_impl(model: &Model, cx: &mut Context) {
    for (node, concurrency) in said(model).filter(|(node, _)| is_state(node)) {
        let message = format!(
            "an `impl` stage has one state, which one record at a time borrows: give `{}` more `workers`, or make it an `async fn`",
            node.name
        );
        cx.errors.at(concurrency.word, message);
    }
}

pub(super) fn concurrency_of_a_batch(model: &Model, cx: &mut Context) {
    for (node, concurrency) in said(model).filter(|(node, _)| node.options.batch.is_some()) {
        let message = format!(
            "`{}` takes its records in batches, one call for each: leave `concurrency` out, or say how many `workers` there are",
            node.name
        );
        cx.errors.at(concurrency.word, message);
    }
}

/// What is lent to one call at a time.
pub(super) fn concurrency_with_a_local(model: &Model, cx: &mut Context) {
    for (node, _) in said(model) {
        for used in &node.resources {
            let resource = &model.resources[used.resource.0];
            let (name, lent) = (&node.name, &used.name);
            let message = match resource.sharing {
                Sharing::Shared => continue,
                Sharing::Local => format!(
                    "`{lent}` is a `local`, which one call at a time borrows, and `{name}` has several in flight: declare it `shared`, or \
                     leave `concurrency` out and say how many `workers` there are"
                ),
                Sharing::Latest(_) => format!(
                    "what is newest in `{lent}` is borrowed by one call at a time, and `{name}` has several in flight: lend it to a stage \
                     before `{name}`, or leave `concurrency` out"
                ),
            };
            cx.errors.at(&used.name, message);
        }
    }
}

/// The failures of all come as records of several types.
pub(super) fn concurrency_of_several_records(model: &Model, cx: &mut Context) {
    for (node, concurrency) in said(model) {
        let name = &node.name;
        if node.inlets.iter().any(|inlet| inlet.mixed && inlet.links.len() > 1) {
            let message = format!(
                "`{name}` takes the failures of several nodes, each a type of its own: leave `concurrency` out, or say how many `workers` \
                 there are"
            );
            cx.errors.at(concurrency.word, message);
        }
    }
}
