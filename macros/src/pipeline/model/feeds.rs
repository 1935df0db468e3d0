//! Chooses the edge that gives each node the type of its records, and what each node keeps.

use super::*;

/// Types flow forward from ports and sources: a feed is an edge whose type is known before that of the node that it feeds.
pub(super) fn choose(model: &mut Model) {
    let mut known: Vec<Option<usize>> = model.nodes.iter().map(|node| is_source(node).then_some(0)).collect();
    loop {
        let mut found = false;
        for at in 0..model.nodes.len() {
            for inlet in 0..model.nodes[at].inlets.len() {
                let way = &model.nodes[at].inlets[inlet];
                if way.feed.is_some() {
                    continue;
                }
                let Some(feed) = way.links.iter().position(|link| is_known(model, &known, &link.flow)) else {
                    continue;
                };
                model.nodes[at].inlets[inlet].feed = Some(feed);
                known[at].get_or_insert(inlet);
                found = true;
            }
        }
        if !found {
            break;
        }
    }
    for (node, gives) in model.nodes.iter_mut().zip(known) {
        node.gives = gives.unwrap_or(0);
        let keep = node.options.keep.map(|(keep, _)| keep);
        let source = is_source(node);
        for inlet in &mut node.inlets {
            inlet.keeps = !source
                && match inlet.errors {
                    Outlet::Wired { named: true, .. } => keep != Some(Keep::Nothing),
                    Outlet::Wired { named: false, .. } => keep == Some(Keep::Record),
                    Outlet::Unwired | Outlet::Dropped => false,
                };
        }
    }
}

fn is_source(node: &Node) -> bool {
    matches!(node.kind, Kind::Source { .. } | Kind::Every { .. })
}

fn is_known(model: &Model, known: &[Option<usize>], flow: &Flow) -> bool {
    let mut flow = flow;
    // A route or a shed of a shed: as deep as it is nested, and never in a circle.
    for _ in 0..=model.routes.len() + model.rings.len() {
        flow = match flow {
            Flow::Port(_) | Flow::Lagged => return true,
            Flow::Out(node) => return known[node.0].is_some(),
            Flow::Failed { node, inlet } => {
                let node = &model.nodes[node.0];
                return is_source(node) || node.inlets[*inlet].feed.is_some();
            }
            Flow::Shed(ring) => match model.rings.get(ring.0) {
                Some(ring) => &ring.flow,
                None => return false,
            },
            Flow::Arm { route, .. } => &model.routes[route.0].flow,
        };
    }
    false
}
