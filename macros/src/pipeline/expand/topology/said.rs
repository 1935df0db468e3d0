//! What stands at the nodes and edges of a picture, and in `TOPOLOGY`: rings, options and patterns, in few words.

use quote::ToTokens;

use crate::pipeline::expand::names::Names;
use crate::pipeline::model::*;

/// The resources and options of a node, short.
pub(super) fn node_options(names: &Names, node: &Node) -> String {
    let mut parts = Vec::new();
    let resources: Vec<_> = node.resources.iter().map(|used| names.text(&used.name)).collect();
    if !resources.is_empty() {
        parts.push(format!("({})", resources.join(", ")));
    }
    let options = &node.options;
    if let Some(workers) = &options.workers {
        parts.push(format!("×{}", workers.to_token_stream()));
    }
    if let Some(batch) = &options.batch {
        let within = options.faults.within.map(|within| format!(" within {within}"));
        parts.push(format!("batch {}{}", batch.to_token_stream(), within.unwrap_or_default()));
    }
    if let Some(concurrency) = &options.concurrency {
        let ordered = if concurrency.ordered { " ordered" } else { "" };
        parts.push(format!("concurrency {}{ordered}", concurrency.most.to_token_stream()));
    }
    parts.extend(options.faults.words());
    if let Some(tick) = &options.tick {
        parts.push(format!("tick {tick}"));
    }
    if options.blocking.is_some() {
        parts.push("blocking".to_owned());
    }
    if options.pin.is_some() {
        parts.push("pin cores".to_owned());
    }
    if let Some(restart) = &options.restart {
        let otherwise = match restart.otherwise {
            Otherwise::Drain => "drain",
            Otherwise::Abort => "abort",
        };
        parts.push(format!("restart {} in {} else {otherwise}", restart.times, restart.within));
    }
    if options.rebuild.is_some() {
        parts.push("on_panic rebuild".to_owned());
    }
    match options.keep {
        Some((Keep::Nothing, _)) => parts.push("keep nothing".to_owned()),
        Some((Keep::Record, _)) => parts.push("keep record".to_owned()),
        None => {}
    }
    parts.join(" ")
}

/// A ring in the picture: `512, shed`, `broadcast 1024`.
pub(super) fn note(ring: &Ring) -> String {
    let capacity = match &ring.capacity {
        Capacity::Lit { value, .. } => value.to_string(),
        Capacity::Expr(expr) => expr.to_token_stream().to_string(),
    };
    let capacity = match ring.kind {
        RingKind::Queue => capacity,
        RingKind::Broadcast => format!("broadcast {capacity}"),
        RingKind::Latest => "latest".to_owned(),
        RingKind::Mailbox => "mailbox".to_owned(),
    };
    match options(ring) {
        options if options.is_empty() => capacity,
        options => format!("{capacity}, {options}"),
    }
}

/// The options of a ring, as written.
pub(super) fn options(ring: &Ring) -> String {
    let policy = match ring.policy {
        _ if ring.kind.word().is_some() => None,
        Policy::Wait | Policy::Offer => None,
        Policy::Shed => Some("shed".to_owned()),
        Policy::DropOldest => Some("drop_oldest".to_owned()),
    };
    let affinity = match &ring.affinity {
        Affinity::None => None,
        Affinity::Key(_) => Some("by key".to_owned()),
        Affinity::Field(field) => Some(format!("by {field}")),
    };
    let said = [policy, affinity].into_iter().flatten();
    let said = said.chain(ring.extras.words()).chain(ring.admission.words());
    said.collect::<Vec<_>>().join(", ")
}

/// A pattern, short: its last name.
pub(super) fn pattern(pat: &syn::Pat, guarded: bool) -> String {
    let path = match pat {
        syn::Pat::TupleStruct(pat) => Some(&pat.path),
        syn::Pat::Struct(pat) => Some(&pat.path),
        syn::Pat::Path(pat) => Some(&pat.path),
        _ => None,
    };
    let last = path.and_then(|path| path.segments.last());
    let text = last.map_or_else(|| pat.to_token_stream().to_string(), |last| last.ident.to_string());
    if guarded { format!("{text} if …") } else { text }
}

pub(super) fn inlet_label(names: &Names, node: NodeId, inlet: usize, label: &str) -> String {
    match (&names.node(node).inlets[inlet].name, label) {
        (Some(inlet), "") => names.text(inlet),
        (Some(inlet), label) => format!("{label} .{}", names.text(inlet)),
        (None, label) => label.to_owned(),
    }
}
