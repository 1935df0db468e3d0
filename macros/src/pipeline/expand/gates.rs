//! One mistake, one error: each type that a check speaks of has a name that is only known where the check has passed.
//!
//! `type Stage_rag = When<rag, { <rag as Types<PromptRequest, 0>>::SHAPE.check("rag", false, 1) }>;` is `rag` itself, or, where the check fails, a type of
//! which the compiler says nothing more. A type that depends on the parameters of the pipeline has no such name: a constant cannot
//! depend on them.

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::spanned::Spanned;

use super::names::{Names, WayIn, at};
use crate::pipeline::model::*;
use crate::stage::inlet::number as inlet_number;
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
                Flow::Lagged => true,
                Flow::Arm { route, arm } => self.arm_is_free(*route, *arm),
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

    pub(super) fn way_is_free(&self, id: NodeId, way: WayIn) -> bool {
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

    /// The type of what a port holds.
    pub(super) fn port(&self, port: &Port) -> TokenStream {
        match self.is_free(&port.ty) {
            true => named("Port", &port.name, 0).to_token_stream(),
            false => port.ty.to_token_stream(),
        }
    }

    /// The type of what comes along a link into a node: what the node is fed, or an error where it is something else.
    pub(super) fn link(&self, id: NodeId, inlet: usize, link: usize) -> TokenStream {
        match self.link_check(id, inlet, link) {
            Some(_) => self.link_alias(id, inlet, link).to_token_stream(),
            None => self.flow(&self.node(id).inlets[inlet].links[link].flow),
        }
    }

    fn link_alias(&self, id: NodeId, inlet: usize, link: usize) -> Ident {
        format_ident!("Link_{}_{}_{}", self.node(id).name, inlet, link)
    }

    /// That a ring brings what another edge into the same node does.
    fn link_check(&self, id: NodeId, inlet: usize, link: usize) -> Option<TokenStream> {
        let (fb, uses) = (&self.fb, &self.node(id).inlets[inlet]);
        let (own, feed) = (&uses.links[link], &uses.links[uses.feed?]);
        let free = self.flow_is_free(&own.flow) && self.flow_is_free(&feed.flow);
        if !free || uses.mixed || own.flow == feed.flow || !matches!(own.from, Origin::Ring(_)) {
            return None;
        }
        let (brings, other) = (at(&self.flow(&own.flow), own.span), self.flow(&feed.flow));
        Some(quote_spanned!(own.span=> <#brings as #fb::Meets<#other>>::OK))
    }

    fn link_gates(&self, id: NodeId) -> TokenStream {
        let inlets = self.node(id).inlets.iter().enumerate();
        let links = inlets.flat_map(|(inlet, uses)| (0..uses.links.len()).map(move |link| (inlet, link)));
        let gates = links.filter_map(|(inlet, link)| {
            let check = self.link_check(id, inlet, link)?;
            let ty = self.flow(&self.node(id).inlets[inlet].links[link].flow);
            Some(self.gate(&self.link_alias(id, inlet, link), &ty, &check))
        });
        quote!(#(#gates)*)
    }

    /// What an arm forwards, where it leads to a stage: the record of a stage that takes one type, whatever it is fed.
    pub(super) fn arm(&self, route: RouteId, arm: usize) -> TokenStream {
        let arm_of = &self.model.routes[route.0].arms[arm];
        match self.arm_end(&arm_of.next) {
            ArmEnd::Stage(id, ..) if self.is_free(self.stage(id)) => format_ident!("Arm_{}_{}", route.0, arm).to_token_stream(),
            ArmEnd::Stage(id, inlet) => {
                let (fb, stage, number) = (&self.fb, self.stage(id), self.inlet_number(id, inlet));
                quote!(<#stage as #fb::Fixed<#number>>::In)
            }
            ArmEnd::Port(port) => self.port(&self.model.ports[port.0]),
            ArmEnd::Nothing => quote!(()),
        }
    }

    fn arm_is_free(&self, route: RouteId, arm: usize) -> bool {
        match self.arm_end(&self.model.routes[route.0].arms[arm].next) {
            ArmEnd::Stage(id, _) => self.is_free(self.stage(id)),
            ArmEnd::Port(port) => self.is_free(&self.model.ports[port.0].ty),
            ArmEnd::Nothing => true,
        }
    }

    fn arm_gates(&self) -> TokenStream {
        let routes = self.model.routes.iter().enumerate();
        let arms = routes.flat_map(|(route, arms)| (0..arms.arms.len()).map(move |arm| (route, arm)));
        let gates = arms.filter_map(|(route, arm)| {
            let ArmEnd::Stage(id, inlet) = self.arm_end(&self.model.routes[route].arms[arm].next) else {
                return None;
            };
            let span = self.node(id).inlets[inlet].links.first()?.span;
            let (fb, stage, number) = (&self.fb, self.stage_at(id, span), self.inlet_number(id, inlet));
            let alias = format_ident!("Arm_{}_{}", route, arm);
            self.is_free(self.stage(id)).then(|| {
                let known = quote!(#fb::When<(#stage), { <#stage as #fb::Fixed<#number>>::OK }>);
                quote!(type #alias = <#known as #fb::Fixed<#number>>::In;)
            })
        });
        quote!(#(#gates)*)
    }

    fn inlet_number(&self, id: NodeId, inlet: usize) -> Literal {
        Literal::u64_suffixed(self.node(id).inlets[inlet].name.as_ref().map_or(0, inlet_number))
    }

    /// Where an arm leads.
    fn arm_end(&self, next: &Next) -> ArmEnd {
        match next {
            Next::Fused { to, inlet, .. } => ArmEnd::Stage(*to, *inlet),
            Next::Ring { ring, .. } => match (self.ring(*ring).port, self.ring(*ring).consumer) {
                (Some(port), _) | (None, Consumer::Outside(port)) => ArmEnd::Port(port),
                (None, Consumer::Segment { segment, intake }) => match &self.model.segments[segment.0].head {
                    Head::Rings(intakes) => self.arm_end(&intakes[intake].next),
                    Head::Source(_) => ArmEnd::Nothing,
                },
                (None, Consumer::Cursors) => match self.cursors(*ring).first() {
                    Some(cursor) => self.arm_end(self.behind(*cursor)),
                    None => ArmEnd::Nothing,
                },
                (None, Consumer::Nobody) => ArmEnd::Nothing,
            },
            Next::Fan(branches) => self.arm_end(&branches[0]),
            Next::End | Next::Drop(_) | Next::Route(_) => ArmEnd::Nothing,
        }
    }

    /// Declares the names.
    pub(super) fn gates(&self) -> TokenStream {
        let ports = self.model.ports.iter().filter(|port| self.is_free(&port.ty)).map(|port| {
            let (fb, ty) = (&self.fb, &port.ty);
            let check = match self.ring(port.ring).kind.has_cursors() {
                true => self.followed(ty),
                false => quote!(<#ty as #fb::Travels>::OK),
            };
            self.gate(&named("Port", &port.name, 0), ty, &check)
        });
        let resources = self.model.resources.iter().map(|resource| self.resource_gate(resource));
        let nodes = (0..self.model.nodes.len()).map(|id| {
            let (node, links) = (self.node_gates(NodeId(id)), self.link_gates(NodeId(id)));
            quote!(#node #links)
        });
        let (arms, capacities, rings) = (self.arm_gates(), self.capacities(), self.ring_gates());
        quote!(#(#ports)* #capacities #rings #(#resources)* #arms #(#nodes)*)
    }

    fn resource_gate(&self, resource: &Resource) -> Option<TokenStream> {
        let check = self.resource_check(resource)?;
        Some(self.gate(&named("Resource", &resource.name, 0), &resource.ty, &check))
    }

    /// What a ring holds: of one on an edge that several readers see, an error where they may not.
    pub(super) fn held(&self, id: RingId) -> TokenStream {
        match self.held_check(id) {
            Some(_) => format_ident!("Ring_{}", id.0).to_token_stream(),
            None => self.flow(&self.ring(id).flow),
        }
    }

    fn held_check(&self, id: RingId) -> Option<TokenStream> {
        let ring = self.ring(id);
        let gated = ring.kind.has_cursors() && ring.port.is_none() && self.flow_is_free(&ring.flow);
        let (fb, record) = (at(&self.fb, ring.span), at(&self.flow(&ring.flow), ring.span));
        gated.then(|| quote_spanned!(ring.span=> <#fb::Asks as #fb::Followed<#record>>::OK))
    }

    fn ring_gates(&self) -> TokenStream {
        let gates = self.rings().into_iter().filter_map(|id| {
            let (check, record) = (self.held_check(id)?, self.flow(&self.ring(id).flow));
            Some(self.gate(&format_ident!("Ring_{}", id.0), &record, &check))
        });
        quote!(#(#gates)*)
    }

    /// That several readers may see the records of a port; at the user's word for them.
    fn followed(&self, ty: &syn::Type) -> TokenStream {
        let (span, fb) = (ty.span(), at(&self.fb, ty.span()));
        quote_spanned!(span=> <#fb::Asks as #fb::Followed<#ty>>::OK)
    }

    /// The same of ports whose type depends on the parameters of the pipeline.
    pub(super) fn followed_checks(&self) -> TokenStream {
        let ports = self.model.ports.iter();
        let open = ports.filter(|port| self.ring(port.ring).kind.has_cursors() && !self.is_free(&port.ty));
        let checks = open.map(|port| self.followed(&port.ty));
        quote!(#(let _ = #checks;)*)
    }

    fn resource_check(&self, resource: &Resource) -> Option<TokenStream> {
        let (fb, ty) = (&self.fb, &resource.ty);
        let check = match resource.sharing {
            Sharing::Shared => quote!(<#ty as #fb::SharedResource>::OK),
            Sharing::Local => quote!(<#ty as #fb::LocalResource>::OK),
            Sharing::Latest(_) => self.followed(ty),
        };
        self.is_free(ty).then_some(check)
    }

    fn node_gates(&self, id: NodeId) -> TokenStream {
        let (fb, node) = (&self.fb, self.node(id));
        let (stage, text) = (self.stage(id), self.text(&node.name));
        let state = match &node.kind {
            Kind::Every { .. } => return TokenStream::new(),
            Kind::Source { .. } => {
                let borrowed = self.borrowed_types(node);
                let check = quote!(<#stage as #fb::Source<#borrowed>>::OK);
                let gate = self
                    .out_is_free(id)
                    .then(|| self.gate(&self.alias("Stage", id, 0), &stage, &check));
                return gate.into_token_stream();
            }
            Kind::State { ty, .. } if self.is_free(ty) => {
                let ticks = node.options.tick.map(|tick| {
                    let ty = at(&stage, tick.span);
                    quote!(&& <#ty as #fb::Ticks>::OK)
                });
                let check = quote!(<#ty as #fb::Life>::OK #ticks);
                Some(self.gate(&self.alias("State", id, 0), &stage, &check))
            }
            Kind::State { .. } | Kind::Function { .. } => None,
        };
        // What a node borrows was checked by itself; this node follows from it.
        let borrowed = node.resources.iter().map(|used| &self.model.resources[used.resource.0]);
        let borrowed: Vec<_> = borrowed.filter_map(|resource| self.resource_check(resource)).collect();
        let ways = self.ways(id).into_iter().filter(|way| self.way_is_free(id, *way));
        let ways = ways.map(|way| {
            let (span, feed, number) = (way.uses.links[way.link].span, self.feed(way), self.at(way));
            let near = at(fb, span);
            let stage = match node.kind {
                Kind::State { .. } => at(&self.state(id), span),
                _ => self.stage_at(id, span),
            };
            let check = match (&way.uses.name, &node.options.batch) {
                (Some(inlet), _) => {
                    let join = quote!(#fb::When<#stage, { <#stage as #fb::Joins>::OK }>);
                    quote!(#fb::passed(<<#join as #fb::Joins>::Inlets>::#inlet))
                }
                (None, batch) => {
                    let (batches, resources) = (batch.is_some(), node.resources.len());
                    let shape = quote_spanned!(span=> <#stage as #fb::Types<#feed, #number>>::SHAPE);
                    quote_spanned!(span=> #shape.check(#text, #batches, #resources) #(&& #borrowed)*)
                }
            };
            let gate = self.gate(&self.alias("Stage", id, way.index), &stage, &check);
            let keeps = way.uses.keeps.then(|| {
                let record = at(&self.types_of(id, way), span);
                let check = quote_spanned!(span=> <#near::Asks as #fb::Kept<#record::In>>::OK);
                self.gate(&self.alias("Keep", id, way.index), &quote!(#fb::KeepRecord), &check)
            });
            let again = self.again_gate(id, way);
            quote!(#gate #keeps #again)
        });
        quote!(#state #(#ways)*)
    }

    fn gate(&self, name: &Ident, ty: &impl ToTokens, check: &TokenStream) -> TokenStream {
        let fb = &self.fb;
        // Declared by us: the compiler does not propose to the user to change it.
        let mut name = name.clone();
        name.set_span(name.span().resolved_at(Span::call_site()));
        quote! {
            type #name = #fb::When<(#ty), { #check }>;
        }
    }
}

/// Where an arm of a `match` leads.
enum ArmEnd {
    Stage(NodeId, usize),
    Port(PortId),
    Nothing,
}

pub(super) fn named(what: &str, name: &Ident, index: usize) -> Ident {
    match index {
        0 => format_ident!("{}_{}", what, name),
        _ => format_ident!("{}_{}_{}", what, name, index),
    }
}
