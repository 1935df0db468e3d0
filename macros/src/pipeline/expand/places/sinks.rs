//! How records enter a node: the `Sink` of each way, or the `BatchSink`.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::holds::{Held, borrowed, held};
use super::ways::path;
use crate::pipeline::expand::faults;
use crate::pipeline::expand::names::{Names, WayIn};
use crate::pipeline::model::NodeId;

pub(super) fn sink(names: &Names, id: NodeId, way: WayIn, count: usize) -> TokenStream {
    let (fb, node, place) = (&names.fb, names.node(id), names.place(id));
    let (params, args, bounds) = names.model.generics.split_for_impl();
    let (feed, at, meta) = (names.feed(way), names.at(way), names.meta(node.segment));
    let index = Literal::u64_unsuffixed(way.index as u64);
    let (stage, path) = (names.way_stage(id, way), path(way.index, count));
    let borrowed = borrowed(names, node);
    let checked = names.checked(id, way);
    let takes = quote!(#fb::edge::<#feed, #checked, #meta, #at>(x));
    let lends = quote!(#fb::lend::<#feed, #stage, _, #at>(#borrowed));
    let index = (way.index != 0).then(|| quote!(, #index));
    if node.options.faults.any() {
        let body = faults::sink(names, (&feed, &meta), &path, &takes, &lends, (id, way));
        return quote! {
            impl #params #fb::Sink<#feed, #meta #index> for #place #args #bounds { #body }
        };
    }
    let ways = quote!(&mut here.ways #path);
    let Held { held, lent, shared } = held(names, node);
    let serve = match shared {
        true => quote! {
            serve(&mut here.node, #ways, &mut here.next, chunk, |x| #takes, move || #fb::lend::<#feed, #stage, _, #at>(#lent))
        },
        false => quote! {
            serve_lending(&mut here.node, #ways, &mut here.next, chunk, |x| #takes, held, |begun, record, held| async move {
                (begun.answer::<#feed, #stage, _, #at>(record, #lent).await, held)
            })
        },
    };
    quote! {
        impl #params #fb::Sink<#feed, #meta #index> for #place #args #bounds {
            type Path = #fb::PathOf<Self, #stage, #feed, #meta, #at>;
            #[inline(always)]
            fn put(&mut self, x: #fb::Env<#feed, #meta>, at: &mut #fb::At) -> bool {
                let here = &mut self.here;
                #fb::call(&mut here.node, #ways, #takes, #lends, &mut here.next, at)
            }
            async fn send(&mut self, x: #fb::Env<#feed, #meta>) {
                let here = &mut self.here;
                if #fb::run(&mut here.node, #ways, #takes, #lends, &mut here.next).await {
                    #fb::rebuild(self);
                }
            }
            fn serve(
                &mut self,
                chunk: impl #fb::Chunk<#feed, #meta>,
            ) -> impl #fb::Future<Output = ()> + ::core::marker::Send {
                let (here, held) = (&mut self.here, #held);
                #fb::#serve
            }
        }
    }
}

pub(super) fn batch_sink(names: &Names, id: NodeId, way: WayIn) -> TokenStream {
    let (fb, node, place) = (&names.fb, names.node(id), names.place(id));
    let (params, args, bounds) = names.model.generics.split_for_impl();
    let (feed, meta) = (names.feed(way), names.meta(node.segment));
    let (stage, checked) = (names.way_stage(id, way), names.checked(id, way));
    let borrowed = borrowed(names, node);
    let lends = quote!(#fb::lend_batch::<#feed, #stage, _>(#borrowed));
    let panicked = match node.options.faults.any() {
        true => faults::batch_calls(names, &lends),
        false => quote!(#fb::run_batch(&mut here.node, &mut here.ways, batch, #lends, &mut here.next).await),
    };
    quote! {
        impl #params #fb::BatchSink<#feed, #meta> for #place #args #bounds {
            async fn send_batch(&mut self, batch: ::std::vec::Vec<#fb::Env<#feed, #meta>>) {
                let here = &mut self.here;
                let batch = batch.into_iter().map(#fb::edge::<#feed, #checked, #meta, 0u64>).collect();
                let panicked = { #panicked };
                if panicked {
                    #fb::rebuild(self);
                }
            }
        }
    }
}
