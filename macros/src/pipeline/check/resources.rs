//! Resources that nobody borrows, and locals of two nodes.

use crate::pipeline::ast::Context;
use crate::pipeline::model::*;

pub(super) fn resource_not_used(model: &Model, cx: &mut Context) {
    for resource in &model.resources {
        let name = &resource.name;
        if resource.users.is_empty() && !cx.broken.has(name) {
            cx.errors.at(
                name,
                format!("no stage uses the resource `{name}`: name it in parentheses, `stage({name})`, or remove it"),
            );
        }
    }
}

pub(super) fn local_used_by_two_nodes(model: &Model, cx: &mut Context) {
    for (at, resource) in model
        .resources
        .iter()
        .enumerate()
        .filter(|(_, resource)| resource.sharing == Sharing::Local)
    {
        let [first, others @ ..] = &resource.users[..] else { continue };
        let (name, first) = (&resource.name, &model.nodes[first.0].name);
        for other in others {
            let other = &model.nodes[other.0];
            let used = other.resources.iter().find(|used| used.resource == ResourceId(at));
            let message = format!(
                "a `local` belongs to one node, and `{first}` uses `{name}` too: declare another `local`, or make it `shared`"
            );
            cx.errors.at(used.map_or(&other.name, |used| &used.name), message);
        }
    }
}

pub(super) fn local_given_twice(model: &Model, cx: &mut Context) {
    for node in &model.nodes {
        for (at, used) in node.resources.iter().enumerate() {
            let sharing = model.resources[used.resource.0].sharing;
            if sharing != Sharing::Shared && node.resources[..at].iter().any(|other| other.resource == used.resource) {
                let name = &used.name;
                let message = match sharing {
                    Sharing::Latest(_) => format!("a stage borrows a topic once, and `{name}` stands here twice: leave one out"),
                    _ => format!("a stage borrows a `local` once, and `{name}` stands here twice: declare another `local`"),
                };
                cx.errors.at(name, message);
            }
        }
    }
}
