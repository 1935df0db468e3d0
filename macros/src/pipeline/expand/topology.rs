//! `TOPOLOGY`: what the pipeline is made of, as a `const`, and its picture.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::names::Names;
use crate::pipeline::model::*;
use crate::pipeline::picture::{PEdge, PKind, PNode, Picture};

/// The picture, for the docs of the pipeline.
pub(super) fn docs(names: &Names) -> String {
    Drawing::of(names).picture.docs()
}

/// `TOPOLOGY`, as an expression.
pub(super) fn topology(names: &Names) -> TokenStream {
    let (fb, model) = (&names.fb, names.model);
    let drawing = Drawing::of(names);
    let text = model.name.to_string();
    let docs = docs_text(&model.docs);
    let (nodes, edges) = (&drawing.nodes, &drawing.edges);
    let (sketch, svg) = (drawing.picture.text(), drawing.picture.svg());
    let budget = match &model.budget {
        Some(budget) => {
            let bytes = budget.bytes as usize;
            quote!(::core::option::Option::Some(#bytes))
        }
        None => quote!(::core::option::Option::None),
    };
    quote! {
        #fb::topology::Topology {
            name: #text,
            docs: #docs,
            nodes: ::std::borrow::Cow::Borrowed(const { &[#(#nodes),*] }),
            edges: ::std::borrow::Cow::Borrowed(const { &[#(#edges),*] }),
            budget: #budget,
            ring_bytes: #fb::budget::total(<Self as __Rings>::RINGS),
            sketch: #sketch,
            svg: #svg,
        }
    }
}

fn docs_text(docs: &[syn::Attribute]) -> String {
    let lines = docs.iter().filter_map(|doc| match &doc.meta {
        syn::Meta::NameValue(pair) => match &pair.value {
            syn::Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Str(text),
                ..
            }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The graph as it is drawn, and as it is told.
struct Drawing {
    picture: Picture,
    nodes: Vec<TokenStream>,
    edges: Vec<TokenStream>,
}

impl Drawing {
    fn of(names: &Names) -> Drawing {
        let model = names.model;
        let picture = Picture {
            title: model.name.to_string(),
            ..Picture::default()
        };
        let mut drawing = Drawing {
            picture,
            nodes: Vec::new(),
            edges: Vec::new(),
        };
        for port in &model.ports {
            drawing.port(names, port);
        }
        for (id, node) in model.nodes.iter().enumerate() {
            drawing.node(names, NodeId(id), node);
        }
        for (id, node) in model.nodes.iter().enumerate() {
            let from = model.ports.len() + id;
            drawing.tree(names, from, &Flow::Out(NodeId(id)), "", &node.next);
            for used in &node.resources {
                if let Sharing::Latest(port) = model.resources[used.resource.0].sharing {
                    drawing.edge(names, port.0, from, &Flow::Port(port), "lent", true, None);
                }
            }
            for (number, inlet) in node.inlets.iter().enumerate() {
                if let Outlet::Wired { ring, .. } = inlet.errors {
                    let flow = Flow::Failed {
                        node: NodeId(id),
                        inlet: number,
                    };
                    drawing.ring(names, from, &flow, "errors", true, ring);
                }
            }
        }
        for (number, ring) in model.rings.iter().enumerate() {
            if let Some(from) = drawing.root(names, RingId(number)) {
                drawing.tree(names, from, &ring.flow, "", names.behind(RingId(number)));
            }
            let reader = match names.behind(RingId(number)) {
                Next::Ring { ring, .. } => model.entry(*ring),
                _ => model.entry(RingId(number)),
            };
            if let (Some((wire, _)), Some(reader)) = (ring.lagged, reader) {
                drawing.ring(names, model.ports.len() + reader.0, &Flow::Lagged, "lagged", true, wire);
            }
            if let Some((wire, _)) = ring.shed {
                let from = match (ring.port, ring.consumer) {
                    (Some(port), _) => port.0,
                    (None, Consumer::Segment { .. }) => match names.behind(RingId(number)) {
                        Next::Fused { to, .. } => model.ports.len() + to.0,
                        _ => continue,
                    },
                    _ => continue,
                };
                drawing.ring(names, from, &Flow::Shed(RingId(number)), "shed", true, wire);
            }
        }
        drawing
    }

    /// Where the records of a ring come from that a port holds; for others the wire itself is the edge.
    fn root(&self, names: &Names, id: RingId) -> Option<usize> {
        let ring = names.ring(id);
        // A cursor of a port's ring is a way out of the port.
        let port = ring.cursor.map_or(ring.port, |of| names.ring(of).port);
        match (port, ring.consumer) {
            (Some(port), Consumer::Segment { .. }) => Some(port.0),
            _ => None,
        }
    }

    fn port(&mut self, names: &Names, port: &Port) {
        let fb = &names.fb;
        let ring = names.ring(port.ring);
        let (kind, word) = match port.way {
            Way::Input => (PKind::Input, quote!(Input)),
            Way::Output => (PKind::Output, quote!(Output)),
            Way::Topic => (PKind::Topic, quote!(Topic)),
        };
        let (name, options) = (names.text(&port.name), options(ring));
        let note = note(ring);
        self.picture.nodes.push(PNode {
            name: name.clone(),
            kind,
            segment: None,
            note,
        });
        let (record, capacity) = (names.port(port), names.capacity(port.ring));
        let (node, kind) = (quote!(#fb::topology::Node::port::<#record>), ring_kind(names, ring));
        self.nodes
            .push(quote!(#node(#fb::topology::Kind::#word, #name, #capacity, #options) #kind));
    }

    fn node(&mut self, names: &Names, id: NodeId, node: &Node) {
        let fb = &names.fb;
        let name = names.text(&node.name);
        let source = matches!(node.kind, Kind::Source { .. } | Kind::Every { .. });
        let (kind, word) = if source {
            (PKind::Source, quote!(Source))
        } else {
            (PKind::Stage, quote!(Stage))
        };
        let options = node_options(names, node);
        self.picture.nodes.push(PNode {
            name: name.clone(),
            kind,
            segment: Some(node.segment.0),
            note: options.clone(),
        });
        let segment = node.segment.0;
        let workers = names.workers(node.segment).map_or(quote!(1), |workers| quote!(#workers));
        let gives = names.flow(&Flow::Out(id));
        let takes = match names.ways(id).first() {
            Some(way) => {
                let types = names.types_of(id, *way);
                Some(quote!(.takes::<#types::In>()))
            }
            None => None,
        };
        let node = quote!(#fb::topology::Node::of(#fb::topology::Kind::#word, #name, #workers, #options));
        self.nodes.push(quote!(#node.segment(#segment)#takes.gives::<#gives>()));
    }

    /// A node of the picture that is none of the declaration: a fork behind a ring, an end in `drop`.
    fn extra(&mut self, names: &Names, kind: PKind, word: TokenStream, segment: Option<usize>) -> usize {
        let fb = &names.fb;
        self.picture.nodes.push(PNode {
            name: String::new(),
            kind,
            segment,
            note: String::new(),
        });
        let segment = segment.map(|segment| quote!(.segment(#segment)));
        self.nodes
            .push(quote!(#fb::topology::Node::of(#fb::topology::Kind::#word, "", 0, "")#segment));
        self.nodes.len() - 1
    }

    /// The edges of a tree.
    fn tree(&mut self, names: &Names, from: usize, flow: &Flow, label: &str, next: &Next) {
        let model = names.model;
        match next {
            Next::End => {}
            Next::Drop(_) => {
                let to = self.extra(names, PKind::Drop, quote!(Drop), None);
                self.edge(names, from, to, flow, label, false, None);
            }
            Next::Fused { to, inlet, .. } => {
                let label = inlet_label(names, *to, *inlet, label);
                self.edge(names, from, model.ports.len() + to.0, flow, &label, false, None);
            }
            Next::Ring { ring, .. } => self.ring(names, from, flow, label, false, *ring),
            Next::Fan(branches) => branches.iter().for_each(|branch| self.tree(names, from, flow, label, branch)),
            Next::Route(id) => {
                for (number, arm) in model.routes[id.0].arms.iter().enumerate() {
                    let text = pattern(&arm.pat, arm.guard.is_some());
                    let flow = match arm.value {
                        Some(_) => Flow::Arm { route: *id, arm: number },
                        None => model.routes[id.0].flow.clone(),
                    };
                    self.tree(names, from, &flow, &text, &arm.next);
                }
            }
        }
    }

    /// The edges through a ring.
    fn ring(&mut self, names: &Names, from: usize, flow: &Flow, label: &str, outlet: bool, id: RingId) {
        let (model, ring) = (names.model, names.ring(id));
        if let Some(port) = ring.port {
            return self.edge(names, from, port.0, flow, label, outlet, None);
        }
        // Of one that is read by cursors each is an edge of its own.
        if let cursors @ [_, ..] = &names.cursors(id)[..] {
            return cursors
                .iter()
                .for_each(|cursor| self.ring(names, from, flow, label, outlet, *cursor));
        }
        match names.behind(id) {
            Next::Fused { to, inlet, .. } => {
                let label = inlet_label(names, *to, *inlet, label);
                self.edge(names, from, model.ports.len() + to.0, flow, &label, outlet, Some(id));
            }
            Next::Drop(_) => {
                let to = self.extra(names, PKind::Drop, quote!(Drop), None);
                self.edge(names, from, to, flow, label, outlet, Some(id));
            }
            root => {
                let segment = match ring.consumer {
                    Consumer::Segment { segment, .. } => Some(segment.0),
                    _ => None,
                };
                let fork = self.extra(names, PKind::Fork, quote!(Fork), segment);
                self.edge(names, from, fork, flow, label, outlet, Some(id));
                self.tree(names, fork, &ring.flow, "", root);
            }
        }
    }

    #[allow(clippy::too_many_arguments)] // an edge is that
    fn edge(&mut self, names: &Names, from: usize, to: usize, flow: &Flow, label: &str, outlet: bool, ring: Option<RingId>) {
        let fb = &names.fb;
        self.picture.edges.push(PEdge {
            from,
            to,
            ring: ring.map(|id| note(names.ring(id))),
            label: (!label.is_empty()).then(|| label.to_owned()),
            dashed: outlet,
        });
        let record = names.flow(flow);
        let ring = ring.map(|id| {
            let (capacity, options, kind) = (names.capacity(id), options(names.ring(id)), ring_kind(names, names.ring(id)));
            quote!(.ring(#capacity, #options) #kind)
        });
        let label = (!label.is_empty()).then(|| quote!(.label(#label)));
        let outlet = outlet.then(|| quote!(.outlet()));
        self.edges
            .push(quote!(#fb::topology::Edge::of::<#record>(#from, #to)#label #outlet #ring));
    }
}

fn inlet_label(names: &Names, node: NodeId, inlet: usize, label: &str) -> String {
    match (&names.node(node).inlets[inlet].name, label) {
        (Some(inlet), "") => names.text(inlet),
        (Some(inlet), label) => format!("{label} .{}", names.text(inlet)),
        (None, label) => label.to_owned(),
    }
}

/// A pattern, short: its last name.
fn pattern(pat: &syn::Pat, guarded: bool) -> String {
    let text = match pat {
        syn::Pat::TupleStruct(pat) => pat.path.segments.last().map(|segment| segment.ident.to_string()),
        syn::Pat::Struct(pat) => pat.path.segments.last().map(|segment| segment.ident.to_string()),
        syn::Pat::Path(pat) => pat.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    };
    let text = text.unwrap_or_else(|| pat.to_token_stream().to_string());
    if guarded { format!("{text} if …") } else { text }
}

/// The options of a ring, as written.
fn options(ring: &Ring) -> String {
    let policy = match ring.policy {
        _ if ring.kind.word().is_some() => None,
        Policy::Wait | Policy::Offer => None,
        Policy::Shed => Some("shed".to_owned()),
        Policy::DropOldest => Some("drop_oldest".to_owned()),
    };
    let affinity = match &ring.affinity {
        Affinity::None => None,
        Affinity::Key(_) => Some("by key".to_owned()),
        Affinity::Field(field) => Some(format!("by {field}")),
    };
    let said = [policy, affinity].into_iter().flatten();
    let said = said.chain(ring.extras.words()).chain(ring.admission.words());
    said.collect::<Vec<_>>().join(", ")
}

/// `.kind(Broadcast)`, where it is not the usual one.
fn ring_kind(names: &Names, ring: &Ring) -> Option<TokenStream> {
    let fb = &names.fb;
    let word = match ring.kind {
        RingKind::Queue => return None,
        RingKind::Broadcast => quote!(Broadcast),
        RingKind::Latest => quote!(Latest),
        RingKind::Mailbox => quote!(Mailbox),
    };
    Some(quote!(.overwriting(#fb::topology::RingKind::#word)))
}

/// A ring in the picture: `512, shed`, `broadcast 1024`.
fn note(ring: &Ring) -> String {
    let capacity = match &ring.capacity {
        Capacity::Lit { value, .. } => value.to_string(),
        Capacity::Expr(expr) => expr.to_token_stream().to_string(),
    };
    let capacity = match ring.kind {
        RingKind::Queue => capacity,
        RingKind::Broadcast => format!("broadcast {capacity}"),
        RingKind::Latest => "latest".to_owned(),
        RingKind::Mailbox => "mailbox".to_owned(),
    };
    match options(ring) {
        options if options.is_empty() => capacity,
        options => format!("{capacity}, {options}"),
    }
}

/// The resources and options of a node, short.
fn node_options(names: &Names, node: &Node) -> String {
    let mut parts = Vec::new();
    let resources: Vec<_> = node.resources.iter().map(|used| names.text(&used.name)).collect();
    if !resources.is_empty() {
        parts.push(format!("({})", resources.join(", ")));
    }
    let options = &node.options;
    if let Some(workers) = &options.workers {
        parts.push(format!("×{}", workers.to_token_stream()));
    }
    if let Some(batch) = &options.batch {
        let within = options.faults.within.map(|within| format!(" within {within}"));
        parts.push(format!("batch {}{}", batch.to_token_stream(), within.unwrap_or_default()));
    }
    if let Some(concurrency) = &options.concurrency {
        let ordered = if concurrency.ordered { " ordered" } else { "" };
        parts.push(format!("concurrency {}{ordered}", concurrency.most.to_token_stream()));
    }
    parts.extend(options.faults.words());
    if let Some(tick) = &options.tick {
        parts.push(format!("tick {tick}"));
    }
    if options.blocking.is_some() {
        parts.push("blocking".to_owned());
    }
    if options.pin.is_some() {
        parts.push("pin cores".to_owned());
    }
    if let Some(restart) = &options.restart {
        let otherwise = if restart.otherwise == Otherwise::Drain {
            "drain"
        } else {
            "abort"
        };
        parts.push(format!("restart {} in {} else {otherwise}", restart.times, restart.within));
    }
    if options.rebuild.is_some() {
        parts.push("on_panic rebuild".to_owned());
    }
    match options.keep {
        Some((Keep::Nothing, _)) => parts.push("keep nothing".to_owned()),
        Some((Keep::Record, _)) => parts.push("keep record".to_owned()),
        None => {}
    }
    parts.join(" ")
}
