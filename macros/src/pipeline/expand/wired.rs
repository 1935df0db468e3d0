//! What is wired together fits: the checks of the edges behind a node, each at the user's own token.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::gates::named;
use super::names::{Names, Owner, at};
use crate::pipeline::model::*;

impl<'m> Names<'m> {
    /// The type of where the records of an owner go.
    pub(super) fn next_of(&self, owner: Owner, next: &Next) -> TokenStream {
        let ty = self.next_type(next);
        match self.gate_of(owner) {
            // Of types with parameters only the check has a name.
            Some(gate) if self.generic() => {
                let fb = &self.fb;
                quote!(#fb::When<#ty, { #gate }>)
            }
            Some(gate) => gate.to_token_stream(),
            None => ty,
        }
    }

    /// Declares the types of where the records of each owner go, as far as there is something to check.
    pub(super) fn next_gates(&self) -> TokenStream {
        let gates = self.trees().into_iter().filter_map(|(owner, next)| {
            let name = self.gate_of(owner)?;
            let (fb, ty, checks) = (&self.fb, self.next_type(next), self.wired(owner).checks);
            Some(match self.generic() {
                true => quote!(const #name: bool = #(#checks)&&*;),
                false => quote!(type #name = #fb::When<#ty, { #(#checks)&&* }>;),
            })
        });
        quote!(#(#gates)*)
    }

    /// The type of where the records of an owner go, where the place itself is written: checked there.
    pub(super) fn next_annotation(&self, owner: Owner, next: &Next) -> Option<TokenStream> {
        self.gate_of(owner)?;
        let ty = self.next_of(owner, next);
        Some(quote!(: #ty))
    }

    /// The checks that stand in no gate: those of types that depend on the parameters of the pipeline.
    pub(super) fn open_checks(&self) -> TokenStream {
        let owners = self.trees().into_iter().map(|(owner, _)| owner);
        let checks = owners
            .filter(|owner| self.gate_of(*owner).is_none())
            .flat_map(|owner| self.wired(owner).checks);
        quote!(#(let _ = #checks;)*)
    }

    /// What stands for the checks of an owner, where there are some and they can do without the parameters of the pipeline.
    fn gate_of(&self, owner: Owner) -> Option<Ident> {
        let wired = self.wired(owner);
        (wired.free && !wired.checks.is_empty()).then(|| match owner {
            Owner::Node(id) => named("Next", &self.node(id).name, 0),
            Owner::Root(id) => quote::format_ident!("Next_{}", id.0),
        })
    }

    fn wired(&self, owner: Owner) -> Wired<'_, 'm> {
        let mut wired = Wired {
            names: self,
            checks: Vec::new(),
            free: true,
        };
        match owner {
            Owner::Node(id) => {
                wired.next(&Flow::Out(id), &self.node(id).next);
                wired.failures(id);
            }
            Owner::Root(id) => {
                let ring = self.ring(id);
                if let Consumer::Segment { segment, intake } = ring.consumer
                    && let Head::Rings(intakes) = &self.model.segments[segment.0].head
                {
                    wired.next(&ring.flow, &intakes[intake].next);
                }
            }
        }
        wired
    }
}

struct Wired<'n, 'm> {
    names: &'n Names<'m>,
    checks: Vec<TokenStream>,
    /// All that they speak of can be told without the parameters of the pipeline.
    free: bool,
}

impl Wired<'_, '_> {
    fn next(&mut self, flow: &Flow, next: &Next) {
        let (names, fb) = (self.names, &self.names.fb);
        match next {
            Next::End | Next::Drop(_) => {}
            Next::Fused { to, inlet, link, span } => {
                let way = names.way_of(*to, *inlet, *link);
                let fed = &way.uses.links[way.link].flow;
                if fed != flow {
                    self.free &= names.flow_is_free(flow) && names.flow_is_free(fed);
                    let (gives, takes) = (at(&names.flow(flow), *span), names.flow(fed));
                    self.checks.push(quote_spanned!(*span=> <#gives as #fb::Meets<#takes>>::OK));
                }
            }
            Next::Ring { ring, span, .. } => self.ring(flow, *ring, *span),
            Next::Fan(branches) => {
                let span = branches.iter().find_map(first_span).unwrap_or_else(Span::call_site);
                let record = at(&names.flow(flow), span);
                self.free &= names.flow_is_free(flow);
                let fb = at(fb, span);
                self.checks
                    .push(quote_spanned!(span=> <#fb::Asks as #fb::Branched<#record>>::OK));
                branches.iter().for_each(|branch| self.next(flow, branch));
            }
            Next::Route(route) => {
                for (arm, to) in names.model.routes[route.0].arms.iter().enumerate() {
                    self.next(&Flow::Arm { route: *route, arm }, &to.next);
                }
            }
        }
    }

    fn ring(&mut self, flow: &Flow, ring: RingId, span: Span) {
        let (names, fb) = (self.names, &self.names.fb);
        let of = names.ring(ring);
        let holds = &of.flow;
        // (Of types without parameters the ring itself asks.)
        if of.kind.has_cursors() && of.port.is_none() && !names.flow_is_free(holds) {
            self.free = false;
            let (fb, record) = (at(fb, of.span), at(&names.flow(holds), of.span));
            self.checks
                .push(quote_spanned!(of.span=> <#fb::Asks as #fb::Followed<#record>>::OK));
        }
        if holds == flow {
            return;
        }
        self.free &= names.flow_is_free(flow) && names.flow_is_free(holds);
        let (gives, takes) = (at(&names.flow(flow), span), names.flow(holds));
        self.checks.push(match holds {
            Flow::Port(_) => quote_spanned!(span=> <#gives as #fb::Fills<#takes>>::OK),
            _ => quote_spanned!(span=> <#gives as #fb::Meets<#takes>>::OK),
        });
    }

    fn failures(&mut self, id: NodeId) {
        let names = self.names;
        for (inlet, uses) in names.node(id).inlets.iter().enumerate() {
            if let Outlet::Wired { ring, .. } = uses.errors {
                let flow = Flow::Failed { node: id, inlet };
                self.ring(&flow, ring, names.ring(ring).span);
            }
        }
    }
}

/// Where the first end of a branch stands.
fn first_span(next: &Next) -> Option<Span> {
    match next {
        Next::Fused { span, .. } | Next::Ring { span, .. } | Next::Drop(span) => Some(*span),
        Next::Fan(branches) => branches.iter().find_map(first_span),
        Next::End | Next::Route(_) => None,
    }
}
