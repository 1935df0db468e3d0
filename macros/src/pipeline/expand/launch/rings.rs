//! The rings of a pipeline, the edges into them, and its cycles.

use proc_macro2::TokenStream;
use quote::quote;

use crate::pipeline::expand::names::{Kind as RingKind, Names, local, plain, rt};
use crate::pipeline::model::*;

/// `let (mut to_0, mut from_0) = build.lane::<…>("count");`
pub(super) fn ring(names: &Names, id: RingId) -> TokenStream {
    let ring = names.ring(id);
    if let Some(of) = ring.cursor {
        return cursor(names, id, of);
    }
    let (to, from, name) = (local("to", id.0), local("from", id.0), names.ring_name(id));
    let (record, meta, capacity) = (names.held(id), names.ring_meta(id), names.capacity(id));
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
        RingKind::Broadcast => {
            let shown = ring.port.is_some();
            quote!(build.broadcast::<#record, #meta, #capacity>(#name, #shown, #producers, #home))
        }
        RingKind::Latest => {
            let (shown, slots) = (ring.port.is_some(), names.slots(id));
            let first = match &ring.first {
                Some(first) => quote!(::core::option::Option::Some(#first)),
                None => quote!(::core::option::Option::None),
            };
            quote!(build.latest::<#record, #meta, #slots>(#name, #shown, #producers, #first, #home))
        }
        RingKind::SharedKeyed => {
            quote!(build.shared_keyed::<#record, #meta, #capacity>(#name, #producers, #workers, #hash, #home))
        }
        RingKind::Graded => {
            let ranks = names.ranks(id);
            match names.keyed(id) {
                true => {
                    quote!(build.graded_keyed::<#record, #meta, #capacity>(#name, #producers, #workers, (#ranks, #hash), #home))
                }
                false => quote!(build.graded::<#record, #meta, #capacity>(#name, #producers, #workers, #ranks, #home)),
            }
        }
        RingKind::GradedPort => {
            let (ranks, keyed, rooms) = (names.ranks(id), names.keyed(id), local("rooms", id.0));
            let ends = quote!(build.graded_port::<#record, #meta, #capacity>(#name, #workers, #keyed, #ranks, #home));
            return quote!(let (#to, #rooms, mut #from) = #ends;);
        }
        RingKind::Coalesced => {
            let keys = names.keys(id);
            match names.keyed(id) {
                true => {
                    quote!(build.coalesced_keyed::<#record, #meta, #capacity>(#name, #producers, #workers, (#keys, #hash), #home))
                }
                false => quote!(build.coalesced::<#record, #meta, #capacity>(#name, #producers, #workers, #keys, #home)),
            }
        }
        RingKind::CoalescedPort => {
            let (keys, keyed, backlogs) = (names.keys(id), names.keyed(id), local("backlogs", id.0));
            let ends = quote!(build.coalesced_port::<#record, #meta, #capacity>(#name, #workers, #keyed, #keys, #home));
            return quote!(let (#to, #backlogs, mut #from) = #ends;);
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

/// `let mut from_7 = …`: a reader of its own, attached before anything runs.
fn cursor(names: &Names, id: RingId, of: RingId) -> TokenStream {
    let (from, all, name) = (local("from", id.0), local("from", of.0), names.ring_name(id));
    quote!(let mut #from = build.cursor(&mut #all, #name);)
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
    let wire = |shed: Option<(RingId, usize)>| match shed {
        None => quote!(#fb::NotKept),
        Some((wire, lane)) => {
            let wire = edge(names, wire, lane, true);
            quote!(#fb::ShedInto(#wire))
        }
    };
    let policy = match ring.policy {
        // What overwrites is never full.
        _ if ring.kind.has_cursors() => quote!(#fb::Refuse(#fb::NotKept)),
        Policy::Wait if never_waits => quote!(#fb::Refuse(#fb::NotKept)),
        Policy::Wait => quote!(#fb::Wait),
        Policy::DropOldest => quote!(#fb::DropOldest),
        Policy::Offer if !never_waits => {
            let (wire, tries, rt) = (wire(ring.shed), names.tries(id), rt());
            quote!(#fb::Offer::new(#tries, &#rt, #wire))
        }
        Policy::Shed | Policy::Offer => {
            let wire = wire(ring.shed);
            quote!(#fb::Refuse(#wire))
        }
    };
    let end = plain(lane);
    let Some((number, inside)) = names.cycle_of(id) else {
        return quote!(#to.take(#end).edge(#policy, &life));
    };
    // What is written is in the cycle as often as somebody in it reads it.
    let (cycle, times) = (local("cycle", number), inside.len());
    let entry = names.model.components[number].entries.contains(&(inside[0], lane));
    quote!(#to.take(#end).edge_in(#policy, &life, &#cycle, #entry, #times))
}
