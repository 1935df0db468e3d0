//! The types that flow.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::{Names, WayIn, plain};
use crate::pipeline::model::*;

impl<'m> Names<'m> {
    /// What a node gives: an alias, or with parameters an associated type.
    pub(in crate::pipeline::expand) fn out(&self, node: NodeId) -> TokenStream {
        let alias = self.out_alias(node);
        match self.out_is_free(node) {
            true => quote!(#alias),
            false => {
                let this = self.this();
                quote!(<#this as __Flows>::#alias)
            }
        }
    }

    pub(in crate::pipeline::expand) fn out_alias(&self, node: NodeId) -> Ident {
        format_ident!("Out_{}", self.node(node).name)
    }

    /// Declares the named types.
    pub(in crate::pipeline::expand) fn declare(&self) -> TokenStream {
        let nodes = (0..self.model.nodes.len()).map(NodeId);
        let (free, bound): (Vec<_>, Vec<_>) = nodes.partition(|id| self.out_is_free(*id));
        let of = |ids: Vec<NodeId>| -> (Vec<_>, Vec<_>) {
            let outs = ids.into_iter().map(|id| (self.out_alias(id), self.out_type(id)));
            outs.unzip()
        };
        let (gates, nexts, (names, types)) = (self.gates(), self.next_gates(), of(free));
        let feeds = self.feeds();
        let free = quote!(#gates #nexts #feeds #(type #names = #types;)*);
        if bound.is_empty() {
            return free;
        }
        let (names, types) = of(bound);
        let (this, (params, _, bounds)) = (self.this(), self.model.generics.split_for_impl());
        quote! {
            #free
            /// What each node gives.
            trait __Flows { #(type #names: ::core::marker::Send + 'static;)* }
            impl #params __Flows for #this #bounds { #(type #names = #types;)* }
        }
    }

    /// What comes to each node, under the number of the node.
    pub(in crate::pipeline::expand) fn feeds(&self) -> TokenStream {
        let fb = &self.fb;
        let nodes = (0..self.model.nodes.len()).map(NodeId);
        let nodes = nodes.filter(|id| !self.node(*id).inlets.is_empty() && self.out_is_free(*id) && !self.is_source(*id));
        let feeds = nodes.map(|id| {
            let (number, feed) = (plain(id.0), self.feed(self.way_of_inlet(id, self.node(id).gives)));
            quote!(impl #fb::Fed for __At<#number> { type Record = #feed; })
        });
        quote! {
            struct __At<const NODE: usize>;
            #(#feeds)*
        }
    }

    pub(in crate::pipeline::expand) fn out_type(&self, id: NodeId) -> TokenStream {
        let (fb, node) = (&self.fb, self.node(id));
        match &node.kind {
            Kind::Every { .. } => quote!(#fb::Tick),
            Kind::Source { .. } => {
                let source = self.source(id);
                quote!(#source::Out)
            }
            _ => {
                let way = self.way_of_inlet(id, node.gives);
                if !self.out_is_free(id) {
                    let types = self.types_of(id, way);
                    return quote!(#types::Out);
                }
                let (stage, number, at) = (self.way_stage(id, way), plain(id.0), self.last_at(way));
                quote!(<#stage as #fb::Gives<__At<#number> #at>>::Out)
            }
        }
    }

    /// The resources of a node as types, with any lifetime.
    pub(in crate::pipeline::expand) fn borrowed_types(&self, node: &Node) -> TokenStream {
        let types = node.resources.iter().map(|used| {
            let resource = &self.model.resources[used.resource.0];
            let ty = self.resource(resource);
            match resource.sharing {
                Sharing::Shared | Sharing::Latest(_) => quote!(&'static #ty),
                Sharing::Local => quote!(&'static mut #ty),
            }
        });
        quote!((#(#types,)*))
    }

    /// What comes in over a way.
    pub(in crate::pipeline::expand) fn feed(&self, way: WayIn) -> TokenStream {
        self.flow(&way.uses.links[way.link].flow)
    }

    /// `<S as Types<Feed, AT>>`, as the prefix of a projection. The stage is at the place that the user named.
    pub(in crate::pipeline::expand) fn types_of(&self, id: NodeId, way: WayIn) -> TokenStream {
        let (fb, stage, feed, at) = (&self.fb, self.way_stage(id, way), self.feed(way), self.last_at(way));
        quote!(<#stage as #fb::Types<#feed #at>>)
    }

    /// A type that flows.
    pub(in crate::pipeline::expand) fn flow(&self, flow: &Flow) -> TokenStream {
        let fb = &self.fb;
        match flow {
            Flow::Port(port) => self.port(&self.model.ports[port.0]),
            Flow::Out(node) => self.out(*node),
            Flow::Failed { node, inlet } => {
                if let Kind::Source { .. } = &self.node(*node).kind {
                    let source = self.source(*node);
                    return quote!(#fb::Failed<#fb::Nothing, #source::Err>);
                }
                let types = self.types_of(*node, self.way_of_inlet(*node, *inlet));
                match self.node(*node).options.batch {
                    Some(_) => quote!(#fb::Failed<#fb::Batch<#types::In>, #types::Err>),
                    None => quote!(#fb::Failed<#types::In, #types::Err>),
                }
            }
            Flow::Shed(ring) => {
                let record = self.flow(&self.ring(*ring).flow);
                quote!(#fb::Shed<#record>)
            }
            Flow::Lagged => quote!(#fb::Lagged),
            Flow::Arm { route, arm } => self.arm(*route, *arm),
        }
    }

    /// The meta of a ring.
    pub(in crate::pipeline::expand) fn ring_meta(&self, ring: RingId) -> TokenStream {
        let ring = self.ring(ring);
        self.meta_type(ring.attempts, ring.entered)
    }

    /// The meta of what is in work in a segment.
    pub(in crate::pipeline::expand) fn meta(&self, segment: SegmentId) -> TokenStream {
        let segment = &self.model.segments[segment.0];
        let retried = segment.component.is_some_and(|id| self.model.components[id.0].retried);
        self.meta_type(retried, segment.entered)
    }

    pub(in crate::pipeline::expand) fn meta_type(&self, attempts: bool, entered: bool) -> TokenStream {
        let fb = &self.fb;
        match (attempts, entered) {
            (false, false) => quote!(()),
            (true, false) => quote!(#fb::Attempts),
            (false, true) => quote!(#fb::Entered),
            (true, true) => quote!((#fb::Attempts, #fb::Entered)),
        }
    }

    /// The parameters of the pipeline, as a phantom needs them.
    pub(in crate::pipeline::expand) fn phantom(&self) -> Option<TokenStream> {
        let (fb, this) = (&self.fb, self.this());
        self.generic().then(|| quote!(#fb::PhantomData<fn() -> #this>))
    }
}
