//! The places of a segment, as values.

use proc_macro2::TokenStream;
use quote::quote;

use super::rings::edge;
use crate::pipeline::expand::faults;
use crate::pipeline::expand::names::{Names, Owner, WayIn, local, local_resource, plain, rt};
use crate::pipeline::expand::places::{field, tuple};
use crate::pipeline::model::*;

/// The struct of a node, with all that it feeds.
pub(super) fn place(names: &Names, id: NodeId) -> TokenStream {
    let (fb, place, source) = (&names.fb, names.place(id), names.node(id));
    let node = node(names, id);
    let ways: Vec<_> = names.ways(id).into_iter().map(|way| way_in(names, id, way)).collect();
    let ways = tuple(&ways);
    let next = next(names, Owner::Node(id), &mut 0, &source.next);
    let fields = match &source.kind {
        Kind::State { .. } => {
            let (given, text) = (local_resource(&source.name), names.text(&source.name));
            quote!(stage: build.local(#text, &#given, worker)?,)
        }
        _ if source.options.concurrency.is_some() => TokenStream::new(),
        _ => {
            let fields = source.borrowed().map(|used| {
                let resource = &names.model.resources[used.resource.0];
                let (name, given, text) = (
                    field(&resource.name),
                    local_resource(&resource.name),
                    names.text(&resource.name),
                );
                match resource.sharing {
                    Sharing::Shared => quote!(#name: #given.clone(),),
                    Sharing::Local => quote!(#name: build.local(#text, &#given, worker)?,),
                    Sharing::Latest(port) => {
                        let from = local("from", names.model.ports[port.0].ring.0);
                        quote!(#name: #from.newest(),)
                    }
                }
            });
            quote!(#(#fields)*)
        }
    };
    let of = names.phantom().map(|_| quote!(of: #fb::PhantomData,));
    let (_, args, _) = names.model.generics.split_for_impl();
    let args = args.as_turbofish();
    quote!(#place #args { here: #fb::Here::new(#node, #ways, #next), #fields #of })
}

pub(super) fn node(names: &Names, id: NodeId) -> TokenStream {
    let (fb, node, number) = (&names.fb, names.node(id), id.0);
    let text = names.text(&node.name);
    let (build, number) = match (&node.kind, names.ways(id).first()) {
        (Kind::Function { .. } | Kind::State { .. }, Some(way)) => {
            let (stage, feed, at) = (names.way_stage(id, *way), names.feed(*way), names.at(*way));
            (quote!(build.stage::<#stage, #feed, #at>), plain(number))
        }
        _ => (quote!(build.node), plain(number)),
    };
    let restart = node.options.restart.as_ref().map(|restart| {
        let (most, millis) = (restart.times as usize, restart.within.value.as_millis() as u64);
        let abort = restart.otherwise == Otherwise::Abort;
        let rt = rt();
        quote!(.restart(#fb::Restart { most: #most, within: #fb::Duration::from_millis(#millis), abort: #abort }, &#rt))
    });
    quote!(#build(#text, #number)#restart)
}

pub(super) fn way_in(names: &Names, id: NodeId, way: WayIn) -> TokenStream {
    let (fb, node, index, errors) = (&names.fb, plain(id.0), plain(way.index), errors(names, Some(way.uses)));
    if names.node(id).options.batch.is_some() {
        return faults::way_value(names, id, way, &rt(), quote!(#fb::BatchWay::new(#errors)));
    }
    let inner = quote!(#fb::Way::new(#node, #index, #errors));
    match names.node(id).options.concurrency {
        Some(_) => inner,
        None => faults::way_value(names, id, way, &rt(), inner),
    }
}

pub(super) fn errors(names: &Names, uses: Option<&InletUse>) -> TokenStream {
    let fb = &names.fb;
    match uses.map(|uses| uses.errors) {
        Some(Outlet::Wired { ring, lane, .. }) => edge(names, ring, lane, false),
        _ => quote!(#fb::Unwired),
    }
}

/// Where records go. `drop`: how many drop counters of this owner came before.
pub(super) fn next(names: &Names, owner: Owner, drop: &mut usize, to: &Next) -> TokenStream {
    let fb = &names.fb;
    let mut counter = || {
        let number = names.first_drop(owner) + *drop;
        *drop += 1;
        quote!(build.drop_cell(#number))
    };
    match to {
        Next::End => quote!(#fb::End::new()),
        Next::Drop(_) => {
            let cell = counter();
            quote!(#fb::End::drops(#cell))
        }
        Next::Fused { to, .. } => match names.node(*to).callers() {
            0 | 1 => place(names, *to),
            _ => {
                let callers = local("callers", to.0);
                quote!(#callers.caller())
            }
        },
        Next::Ring { ring, lane, .. } => edge(names, *ring, *lane, false),
        Next::Fan(branches) => {
            let branches: Vec<_> = branches.iter().map(|branch| next(names, owner, drop, branch)).collect();
            quote!((#(#branches,)*))
        }
        Next::Route(id) => {
            let cell = counter();
            let (routing, (_, args, _)) = (names.routing(*id), names.model.generics.split_for_impl());
            let arms: Vec<_> = names.model.routes[id.0]
                .arms
                .iter()
                .filter(|arm| arm.value.is_some())
                .map(|arm| next(names, owner, drop, &arm.next))
                .collect();
            let count = arms.len();
            quote!(#fb::Route::<#routing #args, _, #count>::new((#(#arms,)*), #cell))
        }
    }
}

/// `let mut callers_3 = …`: the nodes that several places of a segment call, each after all that it calls.
pub(super) fn joints(names: &Names, id: SegmentId) -> TokenStream {
    let fb = &names.fb;
    let nodes = names.model.segments[id.0].nodes.iter().rev();
    let joints = nodes.filter(|id| names.node(**id).callers() > 1).map(|id| {
        let (callers, place, count) = (local("callers", id.0), place(names, *id), names.node(*id).callers());
        quote!(let mut #callers = #fb::Callers::new(#place, #count);)
    });
    quote!(#(#joints)*)
}
