//! What only the compiler can check, each at the user's own token.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};

use super::names::{Names, at};
use crate::pipeline::model::{Capacity, Flow, Kind, Next, NodeId, Outlet, RingId};

/// The checks: at once where no generic constant is asked for, otherwise when the pipeline is built.
pub(super) fn checks(names: &Names) -> TokenStream {
    let calls = calls(names);
    let pulls = pulls(names);
    let budget = budget(names);
    let (params, _, bounds) = names.model.generics.split_for_impl();
    quote! {
        fn checks #params () #bounds {
            #calls
        }
        #pulls
        #budget
    }
}

fn calls(names: &Names) -> TokenStream {
    let fb = &names.fb;
    let nodes = names.model.nodes.iter().enumerate().map(|(id, node)| {
        let (id, span) = (NodeId(id), node.name.span());
        let out = at(&names.flow(&Flow::Out(id)), span);
        let ends = matches!(node.next, Next::End).then(|| quote_spanned!(span=> let _ = <#out as #fb::Ends>::OK;));
        let never = names
            .ways(id)
            .into_iter()
            .filter(|way| way.uses.errors == Outlet::Unwired)
            .map(|way| {
                let types = at(&names.types_of(id, way), span);
                quote_spanned!(span=> let _ = <#types::Err as #fb::Never>::OK;)
            });
        let source = match (&node.kind, node.inlets.first().map(|inlet| inlet.errors)) {
            (Kind::Source { .. }, Some(Outlet::Unwired) | None) => {
                let source = at(&names.source(id), span);
                Some(quote_spanned!(span=> let _ = <#source::Err as #fb::Never>::OK;))
            }
            _ => None,
        };
        let blocks = node.options.blocking.map(|span| {
            let stage = at(&names.any_stage(id), span);
            quote_spanned!(span=> let _ = <#stage as #fb::Blocks>::OK;)
        });
        quote!(#ends #(#never)* #source #blocks)
    });
    let wired = names.open_checks();
    quote!(#(#nodes)* #wired)
}

/// A cycle on which every edge waits is right only if one of its stages is pulled.
fn pulls(names: &Names) -> TokenStream {
    let fb = &names.fb;
    let checks = names.model.pull_checks.iter().map(|check| {
        let stages = check.nodes.iter().map(|id| {
            let stage = names.state(*id);
            quote!(<#stage as #fb::Life>::PULLED)
        });
        let message = format!(
            "every edge of the cycle `{}` waits, so it can deadlock: let an edge shed out of the cycle, or give one of its stages a `next`",
            check.cycle
        );
        quote_spanned!(check.span=> ::core::assert!(#(#stages)||*, #message);)
    });
    // Past the first node of a segment, and in a join, nobody would ask it.
    let late = names.model.nodes.iter().enumerate().filter_map(|(id, node)| {
        let id = NodeId(id);
        if !matches!(node.kind, Kind::State { .. }) || super::places::pulls(names, id) {
            return None;
        }
        let (stage, span) = (names.stage(id), node.name.span());
        let message = match node.inlets.iter().any(|inlet| inlet.name.is_some()) {
            true => format!(
                "`{}` has inlets, so it is not pulled: leave `next` out, or take its records with `process`",
                node.name
            ),
            false => format!(
                "a pulled stage is the first of its segment: put a ring before it, `-[64]-> {}`",
                node.name
            ),
        };
        Some(quote_spanned!(span=> ::core::assert!(!<#stage as #fb::Life>::PULLED, #message);))
    });
    let late: Vec<_> = late.collect();
    let empty = names.model.pull_checks.is_empty() && late.is_empty();
    at_compile_time(names, quote!(#(#checks)* #(#late)*), empty)
}

/// The budget, and the capacities that are no literals.
fn budget(names: &Names) -> TokenStream {
    let fb = &names.fb;
    let sizes = sizes(names);
    let budget = names.model.budget.as_ref().map(|budget| {
        let limit = budget.bytes as usize;
        let (fb, this) = (at(fb, budget.span), names.this());
        quote_spanned!(budget.span=> #fb::budget::check(#limit, <#this as __Rings>::RINGS);)
    });
    let capacities = names.model.rings.iter().filter_map(|ring| match &ring.capacity {
        Capacity::Expr(expr) => {
            let fb = at(fb, ring.span);
            Some(quote_spanned!(ring.span=> #fb::budget::capacity(#expr);))
        }
        Capacity::Lit { .. } => None,
    });
    let capacities: Vec<_> = capacities.collect();
    let (this, empty) = (names.this(), budget.is_none() && capacities.is_empty());
    let (params, _, bounds) = names.model.generics.split_for_impl();
    let check = at_compile_time(names, quote!(#(#capacities)* #budget), empty);
    quote! {
        /// Every ring: its name, how many lanes, the bytes of one.
        trait __Rings {
            const RINGS: &'static [#fb::budget::RingSize];
        }
        impl #params __Rings for #this #bounds {
            const RINGS: &'static [#fb::budget::RingSize] = &[#(#sizes),*];
        }
        #check
    }
}

/// A check that stops the compilation: `cargo check` does it for a pipeline without parameters, the build for one with them.
fn at_compile_time(names: &Names, body: TokenStream, empty: bool) -> TokenStream {
    if empty {
        return TokenStream::new();
    }
    if !names.generic() {
        return quote!(const _: () = { #body };);
    }
    TokenStream::new()
}

/// The rings with their sizes.
fn sizes(names: &Names) -> Vec<TokenStream> {
    let fb = &names.fb;
    let ids = (0..names.model.rings.len()).map(RingId);
    ids.map(|id| {
        let ring = names.ring(id);
        let name = super::launch::ring_name(names, id);
        let (record, meta, capacity) = (names.flow(&ring.flow), names.ring_meta(id), names.capacity(id));
        let workers = names.readers(id).map_or(quote!(1), |workers| quote!(#workers));
        let producers = ring.producers.iter().map(|producer| names.producers(producer));
        use super::names::Kind as Ring;
        let (lanes, of) = match names.kind(id) {
            Ring::Lane => (quote!(1), quote!(spsc)),
            Ring::Lanes => (quote!((0 #(+ #producers)*)), quote!(spsc)),
            Ring::Keyed => (quote!((0 #(+ #producers)*) * #workers), quote!(spsc)),
            Ring::Shared => (quote!(1), quote!(mpmc)),
            Ring::SharedKeyed => (workers, quote!(mpmc)),
            Ring::Port if names.hash(id).is_some() => (workers, quote!(mpmc)),
            Ring::Port => (quote!(1), quote!(mpmc)),
        };
        quote!((#name, #lanes, #fb::budget::#of::<#record, #meta, #capacity>()))
    })
    .collect()
}
