//! What things are called and of what type they are, in the code of a pipeline.

mod extras;
mod flows;
mod locals;
mod rings;
mod rows;

use std::collections::HashMap;

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::ext::IdentExt;
use syn::{Expr, GenericParam};

use crate::pipeline::model::*;
use crate::stage::inlet;
use crate::units::Time;
pub(super) use locals::{clock, local, local_resource, rt, stamp};

/// The model, and how to name what is in it.
pub(super) struct Names<'m> {
    pub model: &'m Model,
    /// `::forebay::private`, or what it is called inside.
    pub fb: TokenStream,
    /// Out of the users' sight.
    inside: bool,
    /// The drop counters before the first of each owner's tree.
    drops: HashMap<Owner, usize>,
    /// The node behind which each drop counter stands.
    pub drop_nodes: Vec<Option<NodeId>>,
}

/// Whose [`Next`] tree it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Owner {
    Node(NodeId),
    /// The intake of a segment that starts without a node.
    Root(RingId),
}

/// One way into a node: an inlet, or one link of an inlet that takes all failures.
#[derive(Debug, Clone, Copy)]
pub(super) struct WayIn<'m> {
    pub inlet: usize,
    pub link: usize,
    pub uses: &'m InletUse,
    /// Its place among the ways of the node.
    pub index: usize,
}

/// How a ring is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Producers outside.
    Port,
    /// One producer, one reader.
    Lane,
    /// Known producers, one reader.
    Lanes,
    /// Known producers, workers by key.
    Keyed,
    /// One ring for all.
    Shared,
    /// One ring a worker, by key.
    SharedKeyed,
    /// A ring for each level of a priority; by key, for each worker.
    Graded,
    /// The same with producers outside.
    GradedPort,
    /// One ring for all (by key: for each worker), in which newer records take the places of older ones.
    Coalesced,
    /// The same with producers outside.
    CoalescedPort,
    /// A ring for each producer, which every reader reads.
    Broadcast,
    /// One value.
    Latest,
}

impl<'m> Names<'m> {
    pub(super) fn new(model: &'m Model, fb: TokenStream, inside: bool) -> Self {
        let mut names = Names {
            model,
            fb,
            inside,
            drops: HashMap::new(),
            drop_nodes: Vec::new(),
        };
        for (owner, next) in names.trees() {
            names.drops.insert(owner, names.drop_nodes.len());
            let node = match owner {
                Owner::Node(node) => Some(node),
                Owner::Root(_) => None,
            };
            for _ in 0..count_drops(model, next) {
                names.drop_nodes.push(node);
            }
        }
        names
    }

    /// Every tree of the pipeline, with its owner.
    pub(super) fn trees(&self) -> Vec<(Owner, &'m Next)> {
        let nodes = self.model.nodes.iter().enumerate();
        let mut trees: Vec<_> = nodes.map(|(id, node)| (Owner::Node(NodeId(id)), &node.next)).collect();
        for segment in &self.model.segments {
            if let Head::Rings(intakes) = &segment.head {
                let roots = intakes.iter().filter(|intake| !matches!(intake.next, Next::Fused { .. }));
                trees.extend(roots.map(|intake| (Owner::Root(intake.ring), &intake.next)));
            }
        }
        trees
    }

    /// The number of the first drop counter in an owner's tree.
    pub(super) fn first_drop(&self, owner: Owner) -> usize {
        self.drops.get(&owner).copied().unwrap_or_default()
    }

    pub(super) fn node(&self, id: NodeId) -> &'m Node {
        &self.model.nodes[id.0]
    }

    pub(super) fn ring(&self, id: RingId) -> &'m Ring {
        &self.model.rings[id.0]
    }

    /// It has type parameters or constants.
    pub(super) fn generic(&self) -> bool {
        !self.model.generics.params.is_empty()
    }

    /// The pipeline's own type.
    pub(super) fn this(&self) -> TokenStream {
        let (name, (_, args, _)) = (&self.model.name, self.model.generics.split_for_impl());
        quote!(#name #args)
    }

    /// The name of a node in a table: without `r#`.
    pub(super) fn text(&self, ident: &Ident) -> String {
        ident.unraw().to_string()
    }

    /// `Place_rag`.
    pub(super) fn place(&self, id: NodeId) -> Ident {
        let name = &self.node(id).name;
        format_ident!("Place_{}", name, span = name.span().resolved_at(Span::call_site()))
    }

    /// The struct of a node, with the pipeline's parameters.
    pub(super) fn place_type(&self, id: NodeId) -> TokenStream {
        let (place, (_, args, _)) = (self.place(id), self.model.generics.split_for_impl());
        quote!(#place #args)
    }

    /// `Match_0`.
    pub(super) fn routing(&self, route: RouteId) -> Ident {
        format_ident!("Match_{}", route.0)
    }

    /// The type that carries a stage's traits.
    pub(super) fn stage(&self, id: NodeId) -> TokenStream {
        match &self.node(id).kind {
            crate::pipeline::model::Kind::Function { path } | crate::pipeline::model::Kind::Source { path } => {
                path.to_token_stream()
            }
            crate::pipeline::model::Kind::State { ty, .. } => ty.to_token_stream(),
            crate::pipeline::model::Kind::Every { .. } => TokenStream::new(),
        }
    }

    /// The ways into a node, in the order of its inlets.
    pub(super) fn ways(&self, id: NodeId) -> Vec<WayIn<'m>> {
        let mut ways = Vec::new();
        for (inlet, uses) in self.node(id).inlets.iter().enumerate() {
            let links = match (uses.mixed, uses.feed) {
                (true, _) => 0..uses.links.len(),
                (false, Some(feed)) => feed..feed + 1,
                (false, None) => 0..0,
            };
            for link in links {
                ways.push(WayIn {
                    inlet,
                    link,
                    uses,
                    index: ways.len(),
                });
            }
        }
        ways
    }

    /// The way that a link leads to.
    pub(super) fn way_of(&self, node: NodeId, inlet: usize, link: usize) -> WayIn<'m> {
        let ways = self.ways(node);
        let own = ways.iter().find(|way| way.inlet == inlet && way.link == link);
        own.or_else(|| ways.iter().find(|way| way.inlet == inlet))
            .copied()
            .unwrap_or_else(|| ways[0])
    }

    pub(super) fn way_of_inlet(&self, node: NodeId, inlet: usize) -> WayIn<'m> {
        self.way_of(node, inlet, self.node(node).inlets[inlet].feed.unwrap_or_default())
    }

    /// The number of an inlet, as the stage traits count.
    pub(super) fn at(&self, way: WayIn) -> Literal {
        Literal::u64_unsuffixed(way.uses.name.as_ref().map_or(0, inlet::number))
    }

    /// The same as the last of some arguments, which it is by default where there are no inlets.
    fn last_at(&self, way: WayIn) -> Option<TokenStream> {
        let at = self.at(way);
        way.uses.name.as_ref().map(|_| quote!(, #at))
    }

    /// The stage of a way, standing where the user's word for it is on the edge that is checked.
    pub(super) fn checked(&self, id: NodeId, way: WayIn) -> TokenStream {
        let stage = self.way_stage(id, way);
        match stage.clone().into_iter().count() {
            1 => at(&stage, way.uses.links[way.link].span),
            // A path keeps its own tokens.
            _ => stage,
        }
    }

    /// A time in the code.
    pub(super) fn duration(&self, time: &Time) -> TokenStream {
        let (fb, millis) = (&self.fb, time.value.as_millis() as u64);
        quote!(#fb::Duration::from_millis(#millis))
    }

    /// The names of the type and const parameters.
    pub(super) fn parameters(&self) -> Vec<&'m Ident> {
        let params = self.model.generics.params.iter();
        params
            .filter_map(|param| match param {
                GenericParam::Type(ty) => Some(&ty.ident),
                GenericParam::Const(value) => Some(&value.ident),
                GenericParam::Lifetime(_) => None,
            })
            .collect()
    }
}

/// The compiler need not be asked.
pub(super) fn is_number(expr: &Expr) -> bool {
    matches!(
        expr,
        Expr::Lit(syn::ExprLit {
            lit: syn::Lit::Int(_),
            ..
        })
    )
}

fn capacity_name(ring: RingId) -> Ident {
    format_ident!("__CAPACITY_{}", ring.0)
}

/// Generated tokens, standing where `span` is.
pub(super) fn at(tokens: &TokenStream, span: Span) -> TokenStream {
    let tokens = tokens.clone().into_iter().map(|token| match token {
        TokenTree::Group(group) => {
            let mut moved = Group::new(group.delimiter(), at(&group.stream(), span));
            moved.set_span(span);
            TokenTree::Group(moved)
        }
        mut token => {
            token.set_span(span);
            token
        }
    });
    tokens.collect()
}

/// How many drop counters a tree has: one for each `match` and each `-> drop`.
fn count_drops(model: &Model, next: &Next) -> usize {
    match next {
        Next::Drop(_) => 1,
        Next::Fan(branches) => branches.iter().map(|next| count_drops(model, next)).sum(),
        Next::Route(id) => {
            let arms = model.routes[id.0].arms.iter().filter(|arm| arm.value.is_some());
            1 + arms.map(|arm| count_drops(model, &arm.next)).sum::<usize>()
        }
        Next::End | Next::Fused { .. } | Next::Ring { .. } => 0,
    }
}

/// A number as a person writes it.
pub(super) fn plain(number: usize) -> Literal {
    Literal::usize_unsuffixed(number)
}
