//! The ways into a node: one for each link that feeds it, a tuple of them where there are several.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Index;

use crate::pipeline::expand::faults;
use crate::pipeline::expand::names::{Names, WayIn};
use crate::pipeline::model::{NodeId, Outlet};

/// The most ways that one tuple of them has.
const TUPLE: usize = 8;

/// `items` as a tuple, nested where there are too many for one; one item is itself.
pub(in crate::pipeline::expand) fn tuple(items: &[TokenStream]) -> TokenStream {
    match items {
        [one] => one.clone(),
        few if few.len() <= TUPLE => quote!((#(#few,)*)),
        many => {
            let parts: Vec<_> = many.chunks(many.len().div_ceil(TUPLE)).map(tuple).collect();
            tuple(&parts)
        }
    }
}

/// The path to item number `index` of `count` in such a tuple.
pub(super) fn path(index: usize, count: usize) -> TokenStream {
    if count == 1 {
        return TokenStream::new();
    }
    if count <= TUPLE {
        let index = Index::from(index);
        return quote!(.#index);
    }
    let size = count.div_ceil(TUPLE);
    let (chunks, chunk) = (count.div_ceil(size), index / size);
    let (outer, inner) = (path(chunk, chunks), path(index % size, size.min(count - chunk * size)));
    quote!(#outer #inner)
}

/// The type of one way into a node.
pub(super) fn way_type(names: &Names, id: NodeId, way: WayIn) -> TokenStream {
    let (fb, stage, feed, at) = (&names.fb, names.way_stage(id, way), names.feed(way), names.at(way));
    let keep = names.keep(id, way);
    let errors = errors_type(names, way);
    if names.node(id).options.batch.is_some() {
        return faults::way_type(names, id, way, quote!(#fb::BatchWay<#stage, #feed, #keep, #errors>));
    }
    let meta = names.meta(names.node(id).segment);
    let at = way.uses.name.as_ref().map(|_| quote!(, #at));
    let inner = quote!(#fb::Way<#stage, #feed, #meta, #keep, #errors #at>);
    match names.node(id).options.concurrency {
        // Each of its hands has guards of its own.
        Some(_) => inner,
        None => faults::way_type(names, id, way, inner),
    }
}

/// The type of where failures go.
fn errors_type(names: &Names, way: WayIn) -> TokenStream {
    let fb = &names.fb;
    match way.uses.errors {
        Outlet::Unwired | Outlet::Dropped => quote!(#fb::Unwired),
        Outlet::Wired { ring, .. } => names.edge_type(ring, false),
    }
}
