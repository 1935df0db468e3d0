//! Rings that overwrite, where they cannot: outside writers, workers, sources.

use super::rings::literal;
use crate::pipeline::ast::Context;
use crate::pipeline::model::*;

/// The rings that overwrite, and the words for them.
fn overwriting(model: &Model) -> impl Iterator<Item = (&Ring, &'static str)> {
    let written = model
        .rings
        .iter()
        .filter(|ring| ring.cursor.is_none() && ring.kind.has_cursors());
    written.filter_map(|ring| Some((ring, ring.kind.word()?)))
}

/// Callers come and go, in any number; the writers of these rings are counted.
pub(super) fn overwriting_input(model: &Model, cx: &mut Context) {
    for (ring, word) in overwriting(model) {
        let Some(port) = ring.port.map(|port| &model.ports[port.0]) else {
            continue;
        };
        if port.side == Side::Input {
            let name = &port.name;
            let message = format!(
                "an input is fed by any number of callers, and the ring of a `{word}` by known ones: let it lead to a topic, `input {name}: … [64]; topic all_{name}: … [{word} …]; {name} -> all_{name};`"
            );
            cx.errors.at(ring.span, message);
        }
    }
}

/// What an input sheds is put into its wire by callers, too.
pub(super) fn overwriting_shed_from_outside(model: &Model, cx: &mut Context) {
    for (ring, word) in overwriting(model) {
        let outside = ring.producers.iter().find_map(|producer| match producer {
            Producer::Shed(of) => model.rings[of.0].port.filter(|port| model.ports[port.0].side == Side::Input),
            _ => None,
        });
        if let Some(input) = outside {
            let input = &model.ports[input.0].name;
            let message = format!(
                "what `{input}` sheds comes from any number of callers, and the ring of a `{word}` is fed by known ones: put a ring and a stage before it, `{input}.shed -[64]-> stage -> …`"
            );
            cx.errors.at(ring.span, message);
        }
    }
}

/// Each worker would be a reader of its own, and see every record.
pub(super) fn workers_of_a_cursor(model: &Model, cx: &mut Context) {
    for segment in &model.segments {
        let (Some(workers), Head::Rings(intakes)) = (&segment.workers, &segment.head) else {
            continue;
        };
        let cursor = intakes.iter().find_map(|intake| {
            let ring = &model.rings[intake.ring.0];
            ring.cursor.map(|of| (of, ring.kind))
        });
        let Some((of, kind)) = cursor.filter(|_| literal(workers) != Some(1)) else {
            continue;
        };
        let (name, word) = (&segment.name, kind.word().unwrap_or_default());
        let fix = match model.rings[of.0].port {
            Some(port) => format!("`{} -[512]-> {name}`", model.ports[port.0].name),
            None => format!("`-[512]-> {name}` behind a stage, or in place of it"),
        };
        let message =
            format!("`{name}` reads a `{word}` as one reader, so it has one worker: share its records out by a ring, {fix}");
        cx.errors.at(workers, message);
    }
}

/// A source takes no record: there is no moment at which a value would be the newest.
pub(super) fn latest_lent_to_a_source(model: &Model, cx: &mut Context) {
    for node in model.nodes.iter().filter(|node| matches!(node.kind, Kind::Source { .. })) {
        for used in &node.resources {
            if let Sharing::Latest(_) = model.resources[used.resource.0].sharing {
                let (name, source) = (&used.name, &node.name);
                let message = format!(
                    "`{source}` is a source: it takes no record, so `{name}` is never the newest for it; lend it to a stage behind"
                );
                cx.errors.at(name, message);
            }
        }
    }
}
