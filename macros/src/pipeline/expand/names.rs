//! What things are called and of what type they are, in the code of a pipeline.

use std::collections::HashMap;

use proc_macro2::{Group, Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Expr, GenericParam};

use crate::pipeline::model::*;
use crate::stage::inlet;

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

    /// What a node gives: an alias, or with parameters an associated type.
    fn out(&self, node: NodeId) -> TokenStream {
        let alias = self.out_alias(node);
        match self.out_is_free(node) {
            true => quote!(#alias),
            false => {
                let this = self.this();
                quote!(<#this as __Flows>::#alias)
            }
        }
    }

    fn out_alias(&self, node: NodeId) -> Ident {
        format_ident!("Out_{}", self.node(node).name)
    }

    /// Declares the named types.
    pub(super) fn declare(&self) -> TokenStream {
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
    fn feeds(&self) -> TokenStream {
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

    fn out_type(&self, id: NodeId) -> TokenStream {
        let (fb, node) = (&self.fb, self.node(id));
        match &node.kind {
            crate::pipeline::model::Kind::Every { .. } => quote!(#fb::Tick),
            crate::pipeline::model::Kind::Source { .. } => {
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
    pub(super) fn borrowed_types(&self, node: &Node) -> TokenStream {
        let types = node.resources.iter().map(|used| {
            let resource = &self.model.resources[used.resource.0];
            let ty = self.resource(resource);
            match resource.sharing {
                Sharing::Shared => quote!(&'static #ty),
                Sharing::Local => quote!(&'static mut #ty),
            }
        });
        quote!((#(#types,)*))
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

    /// What comes in over a way.
    pub(super) fn feed(&self, way: WayIn) -> TokenStream {
        self.flow(&way.uses.links[way.link].flow)
    }

    /// `<S as Types<Feed, AT>>`, as the prefix of a projection. The stage is at the place that the user named.
    pub(super) fn types_of(&self, id: NodeId, way: WayIn) -> TokenStream {
        let (fb, stage, feed, at) = (&self.fb, self.way_stage(id, way), self.feed(way), self.last_at(way));
        quote!(<#stage as #fb::Types<#feed #at>>)
    }

    /// A type that flows.
    pub(super) fn flow(&self, flow: &Flow) -> TokenStream {
        let fb = &self.fb;
        match flow {
            Flow::Port(port) => self.port(&self.model.ports[port.0]),
            Flow::Out(node) => self.out(*node),
            Flow::Failed { node, inlet } => {
                if let crate::pipeline::model::Kind::Source { .. } = &self.node(*node).kind {
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
            Flow::Arm { route, arm } => self.arm(*route, *arm),
        }
    }

    /// The meta of a ring.
    pub(super) fn ring_meta(&self, ring: RingId) -> TokenStream {
        self.meta_type(self.ring(ring).attempts)
    }

    /// The meta of what is in work in a segment.
    pub(super) fn meta(&self, segment: SegmentId) -> TokenStream {
        let component = self.model.segments[segment.0].component;
        self.meta_type(component.is_some_and(|id| self.model.components[id.0].retried))
    }

    fn meta_type(&self, attempts: bool) -> TokenStream {
        let fb = &self.fb;
        if attempts { quote!(#fb::Attempts) } else { quote!(()) }
    }

    /// A capacity as a const argument.
    pub(super) fn capacity(&self, ring: RingId) -> TokenStream {
        match &self.ring(ring).capacity {
            Capacity::Lit { value, span } => {
                let mut literal = Literal::u64_unsuffixed(*value);
                literal.set_span(*span);
                literal.to_token_stream()
            }
            Capacity::Expr(expr) if self.generic() || !self.inside => quote!({ #expr }),
            Capacity::Expr(_) => {
                let name = capacity_name(ring);
                quote!({ #name })
            }
        }
    }

    /// The capacities and numbers of workers that are no literals, checked.
    pub(super) fn capacities(&self) -> TokenStream {
        let segments = self.model.segments.iter().enumerate();
        let workers = segments.filter_map(|(id, segment)| {
            let workers = segment.workers.as_ref().filter(|workers| !is_number(workers))?;
            let (name, fb) = (format_ident!("__WORKERS_{}", id), at(&self.fb, workers.span()));
            Some(quote_spanned!(workers.span()=> const #name: usize = #fb::budget::workers(#workers);))
        });
        let rings = self.model.rings.iter().enumerate();
        let capacities = rings.filter_map(|(id, ring)| match &ring.capacity {
            Capacity::Expr(expr) => {
                let (name, fb) = (capacity_name(RingId(id)), at(&self.fb, ring.span));
                Some(quote_spanned!(ring.span=> const #name: usize = #fb::budget::capacity(#expr);))
            }
            Capacity::Lit { .. } => None,
        });
        match self.generic() {
            true => TokenStream::new(),
            false => quote!(#(#capacities)* #(#workers)*),
        }
    }

    /// How many workers run a segment.
    pub(super) fn workers(&self, segment: SegmentId) -> Option<TokenStream> {
        let workers = self.model.segments[segment.0].workers.as_ref()?;
        Some(match self.generic() || !self.inside || is_number(workers) {
            true => workers.to_token_stream(),
            false => format_ident!("__WORKERS_{}", segment.0).to_token_stream(),
        })
    }

    /// How many ends a producer has of a ring.
    pub(super) fn producers(&self, producer: &Producer) -> TokenStream {
        let of = |segment: SegmentId| self.workers(segment).map_or(quote!(1), |workers| quote!(#workers));
        match producer {
            Producer::Node(node) | Producer::Errors { node, .. } => of(self.node(*node).segment),
            Producer::Root(ring) => match self.ring(*ring).consumer {
                Consumer::Segment { segment, .. } => of(segment),
                _ => quote!(1),
            },
            Producer::Shed(ring) => {
                let ends = self.ring(*ring).producers.iter().map(|producer| self.producers(producer));
                quote!(#(#ends)+*)
            }
            Producer::Outside(_) => quote!(1),
        }
    }

    /// The workers that read a ring, if there are several.
    pub(super) fn readers(&self, ring: RingId) -> Option<TokenStream> {
        match self.ring(ring).consumer {
            Consumer::Segment { segment, .. } => self.workers(segment),
            _ => None,
        }
    }

    /// It is written from outside.
    pub(super) fn outside(&self, ring: RingId) -> bool {
        self.ring(ring).producers.iter().any(|producer| match producer {
            Producer::Outside(_) => true,
            Producer::Shed(of) => self.outside(*of),
            _ => false,
        })
    }

    /// The cheapest ring that is right.
    pub(super) fn kind(&self, id: RingId) -> Kind {
        let ring = self.ring(id);
        let keyed = !matches!(ring.affinity, Affinity::None);
        let evicts = ring.policy == Policy::DropOldest;
        if self.outside(id) {
            return Kind::Port;
        }
        match (self.readers(id).is_some(), keyed, evicts) {
            (true, true, true) => Kind::SharedKeyed,
            (true, true, false) => Kind::Keyed,
            (true, false, _) | (false, _, true) => Kind::Shared,
            (false, _, false) => {
                let one = ring.producers.len() == 1 && !self.several(&ring.producers[0]);
                // An output port has one type, whoever feeds it.
                if one && !matches!(ring.consumer, Consumer::Outside(_)) {
                    Kind::Lane
                } else {
                    Kind::Lanes
                }
            }
        }
    }

    /// Each ring that is written from outside has one reader, in a segment, and nobody takes out the oldest.
    pub(super) fn sole(&self, id: RingId) -> bool {
        let ring = self.ring(id);
        let one = self.readers(id).is_none() || !matches!(ring.affinity, Affinity::None);
        one && ring.policy != Policy::DropOldest && matches!(ring.consumer, Consumer::Segment { .. })
    }

    /// A producer has an end for each of several workers.
    fn several(&self, producer: &Producer) -> bool {
        match producer {
            Producer::Node(node) | Producer::Errors { node, .. } => self.workers(self.node(*node).segment).is_some(),
            Producer::Root(ring) => self.readers(*ring).is_some(),
            Producer::Shed(ring) => {
                let producers = &self.ring(*ring).producers;
                producers.len() > 1 || producers.iter().any(|producer| self.several(producer))
            }
            Producer::Outside(_) => false,
        }
    }

    /// The hash of a record of a keyed ring.
    pub(super) fn hash(&self, id: RingId) -> Option<TokenStream> {
        let (fb, ring) = (&self.fb, self.ring(id));
        let record = self.flow(&ring.flow);
        match &ring.affinity {
            Affinity::None => None,
            Affinity::Key(span) => {
                let (fb, record) = (at(fb, *span), at(&record, *span));
                Some(quote_spanned!(*span=> #fb::key_of::<#record>))
            }
            Affinity::Field(field) => Some(quote!(|record: &#record| #fb::hash_of(&record.#field))),
        }
    }

    /// The type of an edge into a ring.
    pub(super) fn edge_type(&self, id: RingId, never_waits: bool) -> TokenStream {
        let (fb, ring) = (&self.fb, self.ring(id));
        let (record, meta, capacity) = (self.flow(&ring.flow), self.ring_meta(id), self.capacity(id));
        let env = quote!(#fb::Env<#record, #meta>);
        let writer = match self.kind(id) {
            Kind::Lane | Kind::Lanes => quote!(#fb::Producer<#env, #capacity>),
            Kind::Keyed => quote!(#fb::Keyed<#record, #fb::Producer<#env, #capacity>>),
            Kind::Shared | Kind::Port => quote!(#fb::Sender<#env, #capacity>),
            Kind::SharedKeyed => quote!(#fb::Keyed<#record, #fb::Sender<#env, #capacity>>),
        };
        let policy = match (never_waits, ring.policy) {
            (true, _) => quote!(#fb::Refuse<#fb::NotKept>),
            (false, Policy::Wait) => quote!(#fb::Wait),
            (false, Policy::DropOldest) => quote!(#fb::DropOldest),
            (false, Policy::Shed) => match ring.shed {
                None => quote!(#fb::Refuse<#fb::NotKept>),
                Some((wire, _)) => {
                    let wire = self.edge_type(wire, true);
                    quote!(#fb::Refuse<#fb::ShedInto<#wire>>)
                }
            },
        };
        quote!(#fb::Edge<#record, #meta, #writer, #policy>)
    }

    /// The type of where records go.
    pub(super) fn next_type(&self, next: &Next) -> TokenStream {
        let fb = &self.fb;
        match next {
            Next::End | Next::Drop(_) => quote!(#fb::End),
            Next::Fused { to, .. } => {
                let place = self.place_type(*to);
                match self.node(*to).callers() {
                    0 | 1 => place,
                    _ => quote!(#fb::Joint<#place>),
                }
            }
            Next::Ring { ring, .. } => self.edge_type(*ring, false),
            Next::Fan(branches) => {
                let branches = branches.iter().map(|branch| self.next_type(branch));
                quote!((#(#branches,)*))
            }
            Next::Route(id) => {
                let forwards = self.model.routes[id.0].arms.iter().filter(|arm| arm.value.is_some());
                let places: Vec<_> = forwards.map(|arm| self.next_type(&arm.next)).collect();
                let (routing, count) = (self.routing(*id), places.len());
                let (_, args, _) = self.model.generics.split_for_impl();
                quote!(#fb::Route<#routing #args, (#(#places,)*), #count>)
            }
        }
    }

    /// The parameters of the pipeline, as a phantom needs them.
    pub(super) fn phantom(&self) -> Option<TokenStream> {
        let (fb, this) = (&self.fb, self.this());
        self.generic().then(|| quote!(#fb::PhantomData<fn() -> #this>))
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
