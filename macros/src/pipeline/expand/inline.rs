//! The rings of a pipeline as they stand in memory.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::names::{Kind, Names};
use crate::pipeline::model::RingId;

/// How many rings serve ring number `id`, and the type of one.
pub(super) fn ring(names: &Names, id: RingId) -> (TokenStream, TokenStream) {
    let (fb, ring) = (&names.fb, names.ring(id));
    let (record, meta, capacity) = (names.held(id), names.ring_meta(id), names.capacity(id));
    let workers = names.readers(id).map_or(quote!(1), |workers| quote!(#workers));
    let producers = ring.producers.iter().map(|producer| names.producers(producer));
    let (lanes, one_reader) = match names.kind(id) {
        Kind::Lane => (quote!(1), true),
        Kind::Lanes => (quote!((0 #(+ #producers)*)), true),
        Kind::Keyed => (quote!((0 #(+ #producers)*) * #workers), true),
        Kind::Shared => (quote!(1), false),
        Kind::SharedKeyed => (workers, false),
        Kind::Port if names.hash(id).is_some() => (workers, false),
        Kind::Port => (quote!(1), false),
        Kind::Coalesced | Kind::CoalescedPort => (if names.keyed(id) { workers } else { quote!(1) }, false),
        Kind::Graded | Kind::GradedPort => {
            let ranks = names.ranks(id);
            let rings = if names.keyed(id) { workers } else { quote!(1) };
            (quote!(#rings * #ranks.levels()), false)
        }
        Kind::Broadcast => {
            let ty = quote!(#fb::Broadcast<#fb::Env<#record, #meta>, #capacity>);
            return (quote!((0 #(+ #producers)*)), ty);
        }
        Kind::Latest => {
            let slots = names.slots(id);
            return (quote!(1), quote!(#fb::Latest<#fb::Env<#record, #meta>, #slots>));
        }
    };
    let ty = match one_reader {
        true => quote!(#fb::Spsc<#fb::Env<#record, #meta>, #capacity>),
        false => quote!(#fb::Mpmc<#fb::Env<#record, #meta>, #capacity>),
    };
    (lanes, ty)
}

/// All rings in one struct, for a `static`.
pub(super) fn inline(names: &Names) -> TokenStream {
    if names.generic() {
        return TokenStream::new();
    }
    let (fb, handle) = (&names.fb, super::surface::handle(names));
    let rings = format_ident!("{}Rings", names.model.name);
    let ids = names.rings();
    let fields: Vec<_> = ids.iter().map(|id| format_ident!("ring_{}", id.0)).collect();
    let (lanes, types): (Vec<_>, Vec<_>) = ids.iter().map(|id| ring(names, *id)).unzip();
    quote! {
        pub struct #rings {
            #(#fields: [#types; #lanes],)*
        }
        impl #fb::Inline for #handle {
            type Rings = #rings;
            const EMPTY: #rings = #rings { #(#fields: [const { <#types>::new() }; #lanes],)* };
        }
    }
}
