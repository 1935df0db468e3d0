//! One mistake, one error: each type that a check speaks of has a name that is only known where the check has passed.
//!
//! `type Stage_rag = When<rag, { takes_one::<rag, PromptRequest, 0>("rag") }>;` is `rag` itself, or, where the check fails, a type of
//! which the compiler says nothing more. A type that depends on the parameters of the pipeline has no such name: a constant cannot
//! depend on them.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};

use super::names::{Names, WayIn};
use crate::pipeline::model::*;
use crate::tokens::mentions;

impl<'m> Names<'m> {
    /// Whether it can be told without the parameters of the pipeline.
    fn is_free(&self, tokens: impl ToTokens) -> bool {
        !mentions(tokens, &self.parameters())
    }

    /// Whether the type of what flows can.
    pub(super) fn flow_is_free(&self, flow: &Flow) -> bool {
        !self.generic()
            || match flow {
                Flow::Port(port) => self.is_free(&self.model.ports[port.0].ty),
                Flow::Out(node) => self.out_is_free(*node),
                Flow::Failed { node, inlet } => match self.is_source(*node) {
                    true => self.out_is_free(*node),
                    false => self.way_is_free(*node, self.way_of_inlet(*node, *inlet)),
                },
                Flow::Shed(ring) => self.flow_is_free(&self.ring(*ring).flow),
                Flow::Arm { .. } => self.is_free(self.flow(flow)),
            }
    }

    /// Whether the type of what a node gives can.
    pub(super) fn out_is_free(&self, id: NodeId) -> bool {
        let node = self.node(id);
        match &node.kind {
            _ if !self.generic() => true,
            Kind::Every { .. } => true,
            Kind::Source { path } => self.is_free(path) && self.is_free(self.borrowed_types(node)),
            Kind::Function { .. } | Kind::State { .. } => self.way_is_free(id, self.way_of_inlet(id, node.gives)),
        }
    }

    fn way_is_free(&self, id: NodeId, way: WayIn) -> bool {
        !self.generic() || self.is_free(self.stage(id)) && self.flow_is_free(&way.uses.links[way.link].flow)
    }

    pub(super) fn is_source(&self, id: NodeId) -> bool {
        matches!(self.node(id).kind, Kind::Source { .. } | Kind::Every { .. })
    }

    /// The stage of a way into a node.
    pub(super) fn way_stage(&self, id: NodeId, way: WayIn) -> TokenStream {
        match self.way_is_free(id, way) {
            true => self.alias("Stage", id, way.index).to_token_stream(),
            false => self.stage_at(id, way.uses.links[way.link].span),
        }
    }

    /// The type of an `impl` stage.
    pub(super) fn state(&self, id: NodeId) -> TokenStream {
        let stage = self.stage(id);
        match self.is_free(&stage) {
            true => self.alias("State", id, 0).to_token_stream(),
            false => stage,
        }
    }

    /// `<S as Source<R>>`, as the prefix of a projection.
    pub(super) fn source(&self, id: NodeId) -> TokenStream {
        let (fb, stage, borrowed) = (&self.fb, self.source_stage(id), self.borrowed_types(self.node(id)));
        quote!(<#stage as #fb::Source<#borrowed>>)
    }

    /// The stage of a source.
    pub(super) fn source_stage(&self, id: NodeId) -> TokenStream {
        match self.out_is_free(id) {
            true => self.alias("Stage", id, 0).to_token_stream(),
            false => self.stage(id),
        }
    }

    /// The stage of a node, whichever way leads into it.
    pub(super) fn any_stage(&self, id: NodeId) -> TokenStream {
        match (self.is_source(id), self.ways(id).first()) {
            (false, Some(way)) => self.way_stage(id, *way),
            _ => self.source_stage(id),
        }
    }

    /// Whether a way keeps a clone of its record, as a type.
    pub(super) fn keep(&self, id: NodeId, way: WayIn) -> TokenStream {
        let fb = &self.fb;
        match way.uses.keeps {
            true if self.way_is_free(id, way) => self.alias("Keep", id, way.index).to_token_stream(),
            true => quote!(#fb::KeepRecord),
            false => quote!(#fb::KeepNothing),
        }
    }

    /// The type of a resource.
    pub(super) fn resource(&self, resource: &Resource) -> TokenStream {
        match self.is_free(&resource.ty) {
            true => named("Resource", &resource.name, 0).to_token_stream(),
            false => resource.ty.to_token_stream(),
        }
    }

    fn alias(&self, what: &str, id: NodeId, index: usize) -> Ident {
        named(what, &self.node(id).name, index)
    }

    /// The stage of a node, where the user's word for it stands on the edge that is checked.
    pub(super) fn stage_at(&self, id: NodeId, span: Span) -> TokenStream {
        // Only what would otherwise be spanned at another mention is moved: a path keeps its own tokens.
        let mut tokens: Vec<_> = self.stage(id).into_iter().collect();
        if let [one] = &mut tokens[..] {
            one.set_span(span.resolved_at(one.span()));
        }
        tokens.into_iter().collect()
    }

    /// Declares the names.
    pub(super) fn gates(&self) -> TokenStream {
        let resources = self.model.resources.iter().map(|resource| self.resource_gate(resource));
        let nodes = (0..self.model.nodes.len()).map(|id| self.node_gates(NodeId(id)));
        quote!(#(#resources)* #(#nodes)*)
    }

    fn resource_gate(&self, resource: &Resource) -> Option<TokenStream> {
        let (fb, ty) = (&self.fb, &resource.ty);
        let check = match resource.sharing {
            Sharing::Shared => quote_spanned!(resource.name.span()=> #fb::is_shared::<#ty>()),
            Sharing::Local => quote_spanned!(resource.name.span()=> #fb::is_local::<#ty>()),
        };
        self.is_free(ty)
            .then(|| self.gate(&named("Resource", &resource.name, 0), ty, &check))
    }

    fn node_gates(&self, id: NodeId) -> TokenStream {
        let (fb, node) = (&self.fb, self.node(id));
        let (stage, text) = (self.stage(id), self.text(&node.name));
        let state = match &node.kind {
            Kind::Every { .. } => return TokenStream::new(),
            Kind::Source { .. } => {
                let borrowed = self.borrowed_types(node);
                let check = quote_spanned!(node.name.span()=> #fb::is_source::<#stage, #borrowed>());
                let gate = self
                    .out_is_free(id)
                    .then(|| self.gate(&self.alias("Stage", id, 0), &stage, &check));
                return gate.into_token_stream();
            }
            Kind::State { ty, .. } if self.is_free(ty) => {
                let check = quote_spanned!(node.name.span()=> #fb::is_stage::<#ty>());
                Some(self.gate(&self.alias("State", id, 0), &stage, &check))
            }
            Kind::State { .. } | Kind::Function { .. } => None,
        };
        let ways = self.ways(id).into_iter().filter(|way| self.way_is_free(id, *way));
        let ways = ways.map(|way| {
            let (span, feed, at) = (way.uses.links[way.link].span, self.feed(way), self.at(way));
            let stage = match node.kind {
                Kind::State { .. } => self.state(id),
                _ => self.stage_at(id, span),
            };
            let check = match (&way.uses.name, &node.options.batch) {
                (Some(inlet), _) => quote_spanned!(inlet.span()=> #fb::is_inlet(<#stage as #fb::Joins>::Inlets::#inlet)),
                (None, None) => quote_spanned!(span=> #fb::takes_one::<#stage, #feed, #at>(#text)),
                (None, Some(_)) => quote_spanned!(span=> #fb::takes_batches::<#stage, #feed>(#text)),
            };
            let gate = self.gate(&self.alias("Stage", id, way.index), &stage, &check);
            let keeps = way.uses.keeps.then(|| {
                let types = self.types_of(id, way);
                let check = quote_spanned!(span=> #fb::keeps::<#types::In>());
                self.gate(&self.alias("Keep", id, way.index), &quote!(#fb::KeepRecord), &check)
            });
            quote!(#gate #keeps)
        });
        quote!(#state #(#ways)*)
    }

    fn gate(&self, name: &Ident, ty: &impl ToTokens, check: &TokenStream) -> TokenStream {
        let fb = &self.fb;
        quote! {
            type #name = #fb::When<#ty, { #check }>;
        }
    }
}

pub(super) fn named(what: &str, name: &Ident, index: usize) -> Ident {
    let span = name.span().resolved_at(Span::call_site());
    match index {
        0 => format_ident!("{}_{}", what, name, span = span),
        _ => format_ident!("{}_{}_{}", what, name, index, span = span),
    }
}
