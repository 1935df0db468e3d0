//! What only the compiler can check, each at the user's own token.

use proc_macro2::TokenStream;
use quote::{format_ident, quote, quote_spanned};

use super::names::{Names, at, is_number};
use syn::spanned::Spanned;

use crate::pipeline::model::{Capacity, Flow, Kind, Next, NodeId, Origin, Outlet};

/// The checks: at once where no generic constant is asked for, otherwise when the pipeline is built.
pub(super) fn checks(names: &Names) -> TokenStream {
    let calls = calls(names);
    let states = states(names);
    let (budget, faults, pins) = (budget(names), super::faults::asserts(names), pins(names));
    let (params, _, bounds) = names.model.generics.split_for_impl();
    quote! {
        fn checks #params () #bounds {
            #calls
        }
        #states
        #pins
        #budget
        #faults
    }
}

/// `pin` has an effect.
fn pins(names: &Names) -> TokenStream {
    let spans = names.model.nodes.iter().filter_map(|node| node.options.pin);
    let checks = spans.map(|span| {
        let fb = at(&names.fb, span);
        quote_spanned!(span=> const _: () = #fb::pins();)
    });
    quote!(#(#checks)*)
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
        let faults = super::faults::checks(names, id);
        let hands = super::hands::checks(names, id);
        quote!(#ends #(#never)* #source #blocks #faults #hands)
    });
    let (wired, followed) = (names.open_checks(), names.followed_checks());
    quote!(#(#nodes)* #wired #followed)
}

/// What `impl` stages have and have not.
fn states(names: &Names) -> TokenStream {
    let asserts = state_asserts(names);
    let empty = asserts.is_empty();
    at_compile_time(names, "__STATES", asserts, empty)
}

/// What an `impl` stage has is used: its `next`, its `tick`, its inlets.
fn state_asserts(names: &Names) -> TokenStream {
    let (pulls, connected) = (pull_asserts(names), connected_asserts(names));
    quote!(#pulls #connected)
}

/// Its `tick` is called, and its inlets are fed.
fn connected_asserts(names: &Names) -> TokenStream {
    let fb = &names.fb;
    let states = names
        .model
        .nodes
        .iter()
        .enumerate()
        .filter(|(_, node)| matches!(node.kind, Kind::State { .. }));
    let asserts = states.map(|(id, node)| {
        let (stage, span, name) = (names.stage(NodeId(id)), node.name.span(), names.text(&node.name));
        let ticks = node.options.tick.is_none().then(|| {
            let message = format!(
                "`{}` has a `tick` that nothing calls: say how often, `{{{{ tick: 1s }}}}`, or leave the method out",
                node.name
            );
            quote_spanned!(span=> ::core::assert!(!<#stage as #fb::Life>::TICKS, #message);)
        });
        let fed: Option<Vec<_>> = node
            .inlets
            .iter()
            .map(|inlet| Some(inlet.name.as_ref()?.to_string()))
            .collect();
        let inlets = fed.filter(|fed| !fed.is_empty()).map(|fed| {
            let fb = at(fb, span);
            quote_spanned!(span=> #fb::fits::inlets(#name, <#stage as #fb::Life>::INLETS, &[#(#fed),*]);)
        });
        quote!(#ticks #inlets)
    });
    quote!(#(#asserts)*)
}

/// A cycle on which every edge waits is right only if one of its stages is pulled.
fn pull_asserts(names: &Names) -> TokenStream {
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
    quote!(#(#checks)* #(#late)*)
}

/// The budget, and the capacities that are no literals.
fn budget(names: &Names) -> TokenStream {
    let fb = &names.fb;
    let (sizes, this) = (sizes(names), names.this());
    let budget = names.model.budget.as_ref().map(|budget| {
        let limit = budget.bytes as usize;
        let fb = at(fb, budget.span);
        quote_spanned!(budget.span=> #fb::budget::check(#limit, <#this as __Rings>::RINGS);)
    });
    let capacities = names.model.rings.iter().filter_map(|ring| match &ring.capacity {
        // Without parameters each has been checked where it is declared.
        Capacity::Expr(expr) if names.generic() => {
            let fb = at(fb, ring.span);
            Some(quote_spanned!(ring.span=> let _ = #fb::budget::capacity(#expr);))
        }
        _ => None,
    });
    let capacities: Vec<_> = capacities.collect();
    let counts = counts(names);
    let empty = budget.is_none() && capacities.is_empty() && counts.is_empty();
    let (params, _, bounds) = names.model.generics.split_for_impl();
    let check = at_compile_time(names, "__SIZED", quote!(#(#capacities)* #(#counts)* #budget), empty);
    let at_once = default_capacities(names);
    quote! {
        /// Every ring: its name, how many lanes, the bytes of one.
        trait __Rings {
            const RINGS: &'static [#fb::budget::RingSize];
        }
        impl #params __Rings for #this #bounds {
            const RINGS: &'static [#fb::budget::RingSize] = &[#(#sizes),*];
        }
        #check
        #at_once
    }
}

/// Workers and batches that are no literals: what the macro cannot count.
fn counts(names: &Names) -> Vec<TokenStream> {
    let mut counts = Vec::new();
    for node in &names.model.nodes {
        let name = names.text(&node.name);
        if let Some(workers) = node
            .options
            .workers
            .as_ref()
            .filter(|workers| names.generic() && !is_number(workers))
        {
            let (span, fb) = (workers.span(), at(&names.fb, workers.span()));
            counts.push(quote_spanned!(span=> let _ = #fb::budget::workers(#workers);));
        }
        counts.extend(super::hands::count(names, node));
        let Some(batch) = &node.options.batch else { continue };
        let (span, fb) = (batch.span(), at(&names.fb, batch.span()));
        for link in node.inlets.iter().flat_map(|inlet| &inlet.links) {
            let Origin::Ring(ring) = link.from else { continue };
            if !is_number(batch) || matches!(names.ring(ring).capacity, Capacity::Expr(_)) {
                let capacity = names.capacity(ring);
                counts.push(quote_spanned!(span=> #fb::budget::batch(#batch, #capacity, #name);));
            }
        }
    }
    counts
}

/// A check that stops the compilation: `cargo check` does it for a pipeline without parameters, and on the defaults where every
/// parameter has one; the build does it for any others, where they start.
fn at_compile_time(names: &Names, name: &str, body: TokenStream, empty: bool) -> TokenStream {
    if empty || !names.generic() {
        return if empty {
            TokenStream::new()
        } else {
            quote!(const _: () = { #body };)
        };
    }
    let (this, pipeline, name) = (names.this(), &names.model.name, format_ident!("{}", name));
    let (params, _, bounds) = names.model.generics.split_for_impl();
    let values: Option<Vec<_>> = names.model.generics.params.iter().map(super::builder::default).collect();
    let at_once = values.map(|values| quote!(const _: () = <#pipeline<#(#values),*>>::#name;));
    quote! {
        impl #params #this #bounds {
            const #name: () = { #body };
        }
        #at_once
    }
}

/// What `start` asks of the arguments of a pipeline with parameters.
pub(super) fn when_built(names: &Names) -> TokenStream {
    let this = names.this();
    let asked = |name: &str| {
        let name = format_ident!("{}", name);
        quote!(const { <#this>::#name };)
    };
    let states = (names.generic() && !state_asserts(names).is_empty()).then(|| asked("__STATES"));
    let capacities = names
        .model
        .rings
        .iter()
        .any(|ring| matches!(ring.capacity, Capacity::Expr(_)));
    let sized = names.model.budget.is_some() || capacities || !counts(names).is_empty();
    let sized = (names.generic() && sized).then(|| asked("__SIZED"));
    quote!(#states #sized)
}

/// Capacities that are constants of the pipeline with a default: the default is right, whatever the other parameters are.
fn default_capacities(names: &Names) -> TokenStream {
    if names
        .model
        .generics
        .params
        .iter()
        .all(|param| super::builder::default(param).is_some())
    {
        // Then all is checked at once.
        return TokenStream::new();
    }
    let fb = &names.fb;
    let rings = names.model.rings.iter().filter_map(|ring| match &ring.capacity {
        Capacity::Expr(syn::Expr::Path(path)) => Some((ring.span, path.path.get_ident()?)),
        _ => None,
    });
    let checks = rings.filter_map(|(span, capacity)| {
        let mut params = names.model.generics.const_params();
        let (_, default) = params.find(|param| param.ident == *capacity)?.default.as_ref()?;
        let fb = at(fb, span);
        let call = quote_spanned!(span=> #fb::budget::capacity(#default));
        Some(quote!(const _: usize = #call;))
    });
    quote!(#(#checks)*)
}

/// The rings with their sizes.
fn sizes(names: &Names) -> Vec<TokenStream> {
    let fb = &names.fb;
    let sizes = names.rings().into_iter().flat_map(|id| {
        let (name, capacity) = (names.ring_name(id), names.capacity(id));
        let (lanes, ty) = super::inline::ring(names, id);
        let keys = names.keys(id).map(|keys| {
            let name = format!("{name}, by key");
            quote!(#fb::budget::keys(#name, #lanes, #keys, #capacity))
        });
        [Some(quote!(#fb::budget::ring::<#ty>(#name, #lanes))), keys]
    });
    sizes.flatten().collect()
}
