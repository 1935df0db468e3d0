//! Nodes with several records in flight: the call of one record, and the hands that make it.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Index;
use syn::spanned::Spanned;

use super::faults;
use super::names::{Names, WayIn, at, is_number, local_resource, plain, rt};
use crate::pipeline::model::*;

/// The types of a hand: stage, feed, meta, what is kept, what is kept for another try, what is lent.
fn types(names: &Names, id: NodeId, way: WayIn) -> TokenStream {
    let (fb, node) = (&names.fb, names.node(id));
    let (stage, feed, meta) = (names.way_stage(id, way), names.feed(way), names.meta(node.segment));
    let (keep, again) = (names.keep(id, way), names.again(id, way));
    let lent = node.resources.iter().map(|used| {
        let ty = names.resource(&names.model.resources[used.resource.0]);
        quote!(#fb::Arc<#ty>,)
    });
    quote!(#stage, #feed, #meta, #keep, #again, (#(#lent)*))
}

/// What a hand does with a record.
pub(super) fn call(names: &Names, id: NodeId, way: WayIn) -> TokenStream {
    let (fb, node, place) = (&names.fb, names.node(id), names.place(id));
    let (params, args, bounds) = names.model.generics.split_for_impl();
    let (stage, feed, meta) = (names.way_stage(id, way), names.feed(way), names.meta(node.segment));
    let (types, checked) = (types(names, id, way), names.checked(id, way));
    let lent = node.resources.iter().enumerate().map(|(index, used)| {
        let mut index = Index::from(index);
        // Ours, and standing where the user's word is.
        let span = Span::call_site().located_at(used.name.span());
        index.span = span;
        quote_spanned!(span=> &*hand.lent.#index)
    });
    let (lent, by_key) = (quote!((#(#lent,)*)), faults::by_key(names, id, way, quote!(hand.way)));
    quote! {
        impl #params #place #args #bounds {
            /// The call of one record, of those in flight.
            fn __call(
                mut hand: #fb::Hand<#types>,
                x: #fb::Env<#feed, #meta>,
            ) -> impl #fb::Future<Output = #fb::Over<#types>> + ::core::marker::Send {
                let mut tries = hand.begin(#fb::edge::<#feed, #checked, #meta, 0u64>(x)) #by_key;
                async move {
                    while hand.ready(&mut tries).await {
                        tries.call(&hand.node, &mut hand.way, #fb::lend::<#feed, #stage, _, 0u64>(#lent), &mut hand.given).await;
                    }
                    #fb::Over { hand, tries }
                }
            }
        }
    }
}

/// The rings of a segment, read into the hands of its first node. `place` is that node's.
pub(super) fn handed(
    names: &Names,
    segment: SegmentId,
    ways: &TokenStream,
    component: Option<&TokenStream>,
) -> Option<TokenStream> {
    let id = *names.model.segments[segment.0].nodes.first()?;
    let (fb, node, place) = (&names.fb, names.node(id), names.place(id));
    let concurrency = node.options.concurrency.as_ref()?;
    let (count, ordered) = (most(concurrency), concurrency.ordered);
    let (way, number) = (*names.ways(id).first()?, plain(id.0));
    let unwired = quote!(#fb::Way::new(#number, 0, #fb::Unwired));
    let guarded = faults::guarded(names, id, way, &rt(), unwired);
    let lent = node.resources.iter().map(|used| {
        let given = local_resource(&names.model.resources[used.resource.0].name);
        quote!(#given.clone(),)
    });
    let (_, args, _) = names.model.generics.split_for_impl();
    let args = args.as_turbofish();
    Some(quote! {
        #fb::Handed::new(
            #ways,
            #fb::Hands::new(#count, #ordered, || #fb::Hand::new(&place, #guarded, (#(#lent)*)), #place #args::__call) #component,
        )
    })
}

/// How many are in flight.
fn most(concurrency: &Concurrency) -> TokenStream {
    // (What is no literal is checked by `count`.)
    concurrency.most.to_token_stream()
}

/// What only the compiler can check of it: a statement of a function that is not called.
pub(super) fn checks(names: &Names, id: NodeId) -> Option<TokenStream> {
    let word = names.node(id).options.concurrency.as_ref()?.word;
    let (fb, stage) = (at(&names.fb, word), at(&names.any_stage(id), word));
    Some(quote_spanned!(word=> let _ = <#stage as #fb::Answers>::OK;))
}

/// The number of hands where the macro does not see it.
pub(super) fn count(names: &Names, node: &Node) -> Option<TokenStream> {
    let most = &node.options.concurrency.as_ref()?.most;
    if is_number(most) {
        return None;
    }
    let fb = at(&names.fb, most.span());
    Some(quote_spanned!(most.span()=> #fb::budget::concurrency(#most);))
}
