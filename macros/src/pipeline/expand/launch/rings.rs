//! The rings of a pipeline, the edges into them, and its cycles.

use proc_macro2::TokenStream;
use quote::quote;

use super::local;
use crate::pipeline::expand::names::{Kind as RingKind, Names, plain};
use crate::pipeline::model::*;

/// `let (mut to_0, mut from_0) = build.lane::<…>("count");`
pub(super) fn ring(names: &Names, id: RingId) -> TokenStream {
    let ring = names.ring(id);
    let (to, from, name) = (local("to", id.0), local("from", id.0), ring_name(names, id));
    let (record, meta, capacity) = (names.flow(&ring.flow), names.ring_meta(id), names.capacity(id));
    let producers = ring.producers.iter().map(|producer| names.producers(producer));
    let producers = quote!(&[#(#producers),*]);
    let workers = names.readers(id).map_or(quote!(1), |workers| quote!(#workers));
    let hash = names.hash(id);
    let own = local("ring", id.0);
    let home = match names.generic() {
        false => quote!(home.map(|rings| &rings.#own[..])),
        true => quote!(::core::option::Option::None),
    };
    let built = match names.kind(id) {
        RingKind::Lane => quote!(build.lane::<#record, #meta, #capacity>(#name, #home)),
        RingKind::Lanes => quote!(build.lanes::<#record, #meta, #capacity>(#name, #producers, #home)),
        RingKind::Keyed => quote!(build.keyed::<#record, #meta, #capacity>(#name, #producers, #workers, #hash, #home)),
        RingKind::Shared => quote!(build.shared::<#record, #meta, #capacity>(#name, #producers, #workers, #home)),
        RingKind::SharedKeyed => {
            quote!(build.shared_keyed::<#record, #meta, #capacity>(#name, #producers, #workers, #hash, #home))
        }
        RingKind::Port => {
            let keyed = hash.is_some() && names.readers(id).is_some();
            if names.sole(id) {
                return quote!(let (#to, mut #from) = build.sole_port::<#record, #meta, #capacity>(#name, #workers, #home););
            }
            return quote!(let (#to, mut #from) = build.port::<#record, #meta, #capacity>(#name, #workers, #keyed, #home););
        }
    };
    quote!(let (mut #to, mut #from) = #built;)
}

/// What the ledger calls a ring: its port, or the node or inlet that it leads to.
pub(in crate::pipeline::expand) fn ring_name(names: &Names, id: RingId) -> String {
    let ring = names.ring(id);
    if let Some(port) = ring.port {
        return names.text(&names.model.ports[port.0].name);
    }
    let Consumer::Segment { segment, intake } = ring.consumer else {
        return String::new();
    };
    let Head::Rings(intakes) = &names.model.segments[segment.0].head else {
        return String::new();
    };
    match &intakes[intake].next {
        Next::Fused { to, inlet, .. } => {
            let node = names.node(*to);
            let name = names.text(&node.name);
            match &node.inlets[*inlet].name {
                Some(inlet) => format!("{name}.{}", names.text(inlet)),
                None => name,
            }
        }
        _ => names.model.segments[segment.0].name.clone(),
    }
}

/// `let cycle_0 = …`: how many lanes lead into the cycle from elsewhere.
pub(super) fn component(names: &Names, id: usize) -> TokenStream {
    let (fb, component, name) = (&names.fb, &names.model.components[id], local("cycle", id));
    // Rings that only others write end by closing: their readers tell. Of mixed ones each outer producer does.
    let outer = component
        .segments
        .iter()
        .flat_map(|segment| match &names.model.segments[segment.0].head {
            Head::Rings(intakes) => intakes.iter().map(|intake| (*segment, intake.ring)).collect(),
            Head::Source(_) => Vec::new(),
        });
    let readers = outer.filter(|(_, ring)| !component.rings.contains(ring)).map(|(segment, _)| {
        let workers = names.workers(segment).map_or(quote!(1), |workers| quote!(#workers));
        quote!(+ #workers)
    });
    let mixed = component
        .entries
        .iter()
        .filter(|(ring, _)| component.rings.contains(ring))
        .map(|(ring, producer)| {
            let ends = names.producers(&names.ring(*ring).producers[*producer]);
            quote!(+ #ends)
        });
    quote!(let #name = #fb::Component::new(0 #(#readers)* #(#mixed)*, life.clone());)
}

/// An edge into a ring, as its producer number `lane`.
pub(super) fn edge(names: &Names, id: RingId, lane: usize, never_waits: bool) -> TokenStream {
    let (fb, ring, to) = (&names.fb, names.ring(id), local("to", id.0));
    let policy = match (never_waits, ring.policy, ring.shed) {
        (true, ..) | (false, Policy::Shed, None) => quote!(#fb::Refuse(#fb::NotKept)),
        (false, Policy::Wait, _) => quote!(#fb::Wait),
        (false, Policy::DropOldest, _) => quote!(#fb::DropOldest),
        (false, Policy::Shed, Some((wire, lane))) => {
            let wire = edge(names, wire, lane, true);
            quote!(#fb::Refuse(#fb::ShedInto(#wire)))
        }
    };
    let component = names
        .model
        .components
        .iter()
        .position(|component| component.rings.contains(&id))
        .map(|number| {
            let (cycle, entry) = (
                local("cycle", number),
                names.model.components[number].entries.contains(&(id, lane)),
            );
            quote!(.within(#cycle.clone(), #entry))
        });
    let lane = plain(lane);
    quote!(#to.take(#lane).edge(#policy, &life)#component)
}
