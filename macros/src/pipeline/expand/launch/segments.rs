//! The tasks of a pipeline: what each reads, and its place.

use proc_macro2::TokenStream;
use quote::quote;

use super::places::{errors, joints, next, node, place};
use super::rings::edge;
use crate::pipeline::expand::hands;
use crate::pipeline::expand::names::{Names, Owner, clock, local, local_resource, plain, rt, stamp};
use crate::pipeline::expand::places::{field, pulls, tuple};
use crate::pipeline::model::*;

/// `let segment_0 = drive(…)`, or one for each worker.
pub(super) fn segment(names: &Names, id: SegmentId) -> TokenStream {
    let segment = &names.model.segments[id.0];
    let name = local("segment", id.0);
    let task = match &segment.head {
        Head::Source(node) => source(names, *node),
        Head::Rings(intakes) => driven(names, id, intakes),
    };
    match names.workers(id) {
        None => quote!(let #name = { #task };),
        Some(workers) => quote! {
            let mut #name = ::std::vec::Vec::with_capacity(#workers);
            for worker in 0..#workers {
                #name.push({ #task });
            }
        },
    }
}

pub(super) fn driven(names: &Names, id: SegmentId, intakes: &[Intake]) -> TokenStream {
    let (fb, segment, rt) = (&names.fb, &names.model.segments[id.0], rt());
    let lanes: Vec<_> = intakes.iter().map(|intake| lane(names, id, intake)).collect();
    let ways = tuple(&lanes);
    let (place, of) = match &intakes[0].next {
        Next::Fused { to, .. } => (place(names, *to), None),
        root => {
            let owner = Owner::Root(intakes[0].ring);
            (next(names, owner, &mut 0, root), names.next_annotation(owner, root))
        }
    };
    let component = match segment.component {
        Some(id) => {
            let cycle = local("cycle", id.0);
            Some(quote!(.within(#cycle.clone())))
        }
        None => None,
    };
    let clocks = segment.nodes.iter().filter_map(|id| {
        let tick = names.node(*id).options.tick.as_ref()?;
        let (number, millis) = (id.0, tick.value.as_millis() as u64);
        Some(quote!((#number, #fb::Duration::from_millis(#millis))))
    });
    let clocks: Vec<_> = clocks.collect();
    let clocks = (!clocks.is_empty()).then(|| quote!(.clocks(::std::vec![#(#clocks),*])));
    let (eager, joints) = (segment.blocking.then(|| quote!(.eager())), joints(names, id));
    let pulled = match segment.nodes.first() {
        Some(first) if pulls(names, *first) => {
            let stage = names.state(*first);
            Some(quote!(.pulled(<#stage as #fb::Life>::PULLED)))
        }
        _ => None,
    };
    let ways = hands::handed(names, id, &ways, component.as_ref()).unwrap_or(ways);
    quote! {
        #joints
        let place #of = #place;
        #fb::drive(#ways, place, #fb::Plan::new(&#rt, &life) #component #clocks #eager #pulled)
    }
}

/// A ring that a segment reads.
pub(super) fn lane(names: &Names, id: SegmentId, intake: &Intake) -> TokenStream {
    let (ring, from) = (names.ring(intake.ring), local("from", intake.ring.0));
    let cursor = cursor(names, intake.ring);
    let record = match &intake.next {
        Next::Fused { to, inlet, link, .. } => names.link(*to, *inlet, *link),
        _ => names.flow(&ring.flow),
    };
    let (meta, own) = (names.ring_meta(intake.ring), names.meta(id));
    let inner = names.model.segments[id.0]
        .component
        .is_some_and(|id| names.model.components[id.0].rings.contains(&intake.ring));
    let inner = inner.then(|| quote!(.inner(true)));
    let way = match &intake.next {
        Next::Fused { to, inlet, link, .. } => Some((*to, names.way_of(*to, *inlet, *link))),
        _ => None,
    };
    let node_of_batch = way.map(|(node, _)| node);
    if let Some(most) = way.and_then(|(node, _)| names.node(node).options.batch.as_ref()) {
        let within = node_of_batch.and_then(|node| names.node(node).options.faults.within);
        let linger = within.map(|within| {
            let (fb, rt, within) = (&names.fb, rt(), names.duration(&within));
            quote!(.linger(#fb::Linger::new(&#rt, #within, &life)))
        });
        return quote!(#from.take(0) #cursor.batches::<#record, #meta, #own>(#most)#inner #linger);
    }
    let index = plain(way.map_or(0, |(_, way)| way.index));
    let inlet = way.and_then(|(_, way)| way.uses.name.as_ref()).map(|inlet| {
        let inlet = names.text(inlet);
        quote!(.inlet(#inlet))
    });
    quote!(#from.take(0) #cursor.lane::<#record, #meta, #own, #index>()#inner #inlet)
}

/// What the reader of a cursor does when it has missed records: counts them, leaves the cycle with them, and tells of them.
fn cursor(names: &Names, id: RingId) -> Option<TokenStream> {
    let ring = names.ring(id);
    ring.cursor?;
    let component = names
        .model
        .components
        .iter()
        .position(|component| component.rings.contains(&id));
    let component = component.map(|number| {
        let cycle = local("cycle", number);
        quote!(.within(#cycle.clone()))
    });
    let lagged = ring.lagged.map(|(wire, lane)| {
        let wire = edge(names, wire, lane, true);
        quote!(.telling(#wire))
    });
    Some(quote!(#component #lagged))
}

/// A source, which runs until its stream ends.
pub(super) fn source(names: &Names, id: NodeId) -> TokenStream {
    let (fb, source) = (&names.fb, names.node(id));
    let (node, meta) = (node(names, id), names.meta(source.segment));
    let place = next(names, Owner::Node(id), &mut 0, &source.next);
    let (joints, of) = (
        joints(names, source.segment),
        names.next_annotation(Owner::Node(id), &source.next),
    );
    let stamp = stamp(names.model.segments[source.segment.0].entered);
    // The task has its own.
    let own_clock = names.model.segments[source.segment.0].entered.then(|| {
        let clock = clock();
        quote!(let #clock = #clock.clone();)
    });
    match &source.kind {
        Kind::Every { period } => {
            let (millis, rt) = (period.value.as_millis() as u64, rt());
            quote! {
                #joints
                let node = #node;
                let place #of = #place;
                #fb::every::<_, #meta, _>(node, #rt.clone(), #stamp, #fb::Duration::from_millis(#millis), place)
            }
        }
        _ => {
            let stage = names.source_stage(id);
            let errors = errors(names, source.inlets.first());
            let resources: Vec<_> = source
                .resources
                .iter()
                .map(|used| &names.model.resources[used.resource.0])
                .collect();
            let (held, lent): (Vec<_>, Vec<_>) = resources
                .iter()
                .zip(&source.resources)
                .map(|(resource, used)| {
                    let (name, given, text) = (
                        field(&resource.name),
                        local_resource(&resource.name),
                        names.text(&resource.name),
                    );
                    let span = used.name.span();
                    match resource.sharing {
                        // (What is newest is lent to no source.)
                        Sharing::Shared | Sharing::Latest(_) => {
                            (quote!(let #name = #given.clone();), quote::quote_spanned!(span=> &*#name))
                        }
                        Sharing::Local => (
                            quote!(let mut #name = build.local(#text, &#given, worker)?;),
                            quote::quote_spanned!(span=> #name.get()),
                        ),
                    }
                })
                .unzip();
            quote! {
                #joints
                let node = #node;
                let errors = #errors;
                let place #of = #place;
                #(#held)*
                #own_clock
                async move { #fb::source::<_, #meta, _, _>(node, errors, #stamp, || <#stage as #fb::Source<_>>::open((#(#lent,)*)), place).await }
            }
        }
    }
}

pub(super) fn spawn(names: &Names, id: SegmentId) -> TokenStream {
    let (segment, name) = (&names.model.segments[id.0], local("segment", id.0));
    let (text, spawn) = (
        &segment.name,
        match (segment.pinned, segment.blocking) {
            (true, _) => quote!(spawn_pinned),
            (false, true) => quote!(spawn_blocking),
            (false, false) => quote!(spawn),
        },
    );
    match segment.workers {
        None => quote!(launch.#spawn(#text, #name)?;),
        Some(_) => quote! {
            for task in #name {
                launch.#spawn(#text, task)?;
            }
        },
    }
}
