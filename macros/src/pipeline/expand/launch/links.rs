//! What the ledger checks of the wires.

use proc_macro2::TokenStream;
use quote::quote;

use crate::pipeline::expand::names::{Names, Owner, plain};
use crate::pipeline::model::*;

/// What the ledger checks of the wires.
pub(super) fn links(names: &Names) -> Vec<TokenStream> {
    let fb = &names.fb;
    let mut links = Vec::new();
    for (owner, next) in names.trees() {
        let from = match owner {
            Owner::Node(id) => {
                let id = plain(id.0);
                quote!(#fb::LinkFrom::Node(#id))
            }
            Owner::Root(id) => {
                let id = plain(id.0);
                quote!(#fb::LinkFrom::Ring(#id))
            }
        };
        let drop = names.first_drop(owner);
        let (route, ends): (_, Vec<_>) = match next {
            Next::End => continue,
            Next::Drop(_) => (Some(drop), Vec::new()),
            Next::Route(id) => {
                let arms = names.model.routes[id.0].arms.iter().filter(|arm| arm.value.is_some());
                (Some(drop), arms.map(|arm| first(&arm.next)).collect())
            }
            Next::Fan(branches) => (None, branches.iter().map(Some).collect()),
            leaf => (None, vec![Some(leaf)]),
        };
        let to: Option<Vec<_>> = ends.into_iter().map(|end| link_end(names, end?)).collect();
        let Some(to) = to else { continue };
        let route = route.map(|route| quote!(.route(#route)));
        links.push(quote!(#fb::link(#from, &[#(#to),*])#route));
    }
    for (id, node) in names.model.nodes.iter().enumerate() {
        let id = plain(id);
        for inlet in &node.inlets {
            let Outlet::Wired { ring, lane, .. } = inlet.errors else {
                continue;
            };
            let (ring, lane) = (plain(ring.0), plain(lane));
            let to = match node.options.batch {
                None => quote!(#fb::LinkTo::Ring(#ring, #lane)),
                // One failed batch is one entry in the ring, and many records.
                Some(_) => quote!(#fb::LinkTo::FailedOf(#id)),
            };
            links.push(quote!(#fb::link(#fb::LinkFrom::Errors(#id), &[#to])));
        }
    }
    for (id, ring) in names.model.rings.iter().enumerate() {
        if let Some((wire, lane)) = ring.shed {
            let (id, wire, lane) = (plain(id), plain(wire.0), plain(lane));
            links.push(quote!(#fb::link(#fb::LinkFrom::Shed(#id), &[#fb::LinkTo::Ring(#wire, #lane)])));
        }
    }
    links
}

/// The first end of an arm: all its ends are offered the same.
pub(super) fn first(next: &Next) -> Option<&Next> {
    match next {
        Next::Fan(branches) => branches.first().and_then(first),
        Next::Route(_) => None,
        leaf => Some(leaf),
    }
}

/// The end of a link, if the ledger can tell what came over it alone.
pub(super) fn link_end(names: &Names, end: &Next) -> Option<TokenStream> {
    let fb = &names.fb;
    match end {
        Next::Ring { ring, lane, .. } => {
            let (ring, lane) = (plain(ring.0), plain(*lane));
            Some(quote!(#fb::LinkTo::Ring(#ring, #lane)))
        }
        // An `impl` stage also takes what it gives itself, and where wires meet a node takes what comes over all of them.
        Next::Fused { to, .. }
            if matches!(names.node(*to).kind, Kind::Function { .. })
                && names.node(*to).inlets.iter().map(|inlet| inlet.links.len()).sum::<usize>() == 1 =>
        {
            let node = plain(to.0);
            Some(quote!(#fb::LinkTo::Node(#node)))
        }
        _ => None,
    }
}
