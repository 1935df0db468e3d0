//! The graph as it is drawn, and as it is told: each node and each edge of both at once, so that they cannot differ.

use proc_macro2::TokenStream;
use quote::quote;

use super::said::{inlet_label, node_options, note, options, pattern};
use crate::pipeline::expand::names::Names;
use crate::pipeline::model::*;
use crate::pipeline::picture::{PEdge, PKind, PNode, Picture};

/// The picture, and the nodes and edges of `TOPOLOGY`. Ports come first, then nodes, then what the declaration does not name.
pub(super) struct Drawing<'n> {
    names: &'n Names<'n>,
    pub(super) picture: Picture,
    pub(super) nodes: Vec<TokenStream>,
    pub(super) edges: Vec<TokenStream>,
}

/// What leaves a node of the drawing, wherever it goes.
#[derive(Clone, Copy)]
struct Leaving<'f> {
    from: usize,
    flow: &'f Flow,
    label: &'f str,
    outlet: bool,
}

impl<'f> Leaving<'f> {
    fn by_wire(from: usize, flow: &'f Flow) -> Self {
        Leaving {
            from,
            flow,
            label: "",
            outlet: false,
        }
    }

    fn by_outlet(from: usize, flow: &'f Flow, label: &'f str) -> Self {
        Leaving {
            from,
            flow,
            label,
            outlet: true,
        }
    }
}

impl<'n> Drawing<'n> {
    pub(super) fn of(names: &'n Names<'n>) -> Self {
        let model = names.model;
        let mut drawing = Drawing {
            names,
            picture: Picture {
                title: model.name.to_string(),
                ..Picture::default()
            },
            nodes: Vec::new(),
            edges: Vec::new(),
        };
        for port in &model.ports {
            drawing.port(port);
        }
        for (id, node) in model.nodes.iter().enumerate() {
            drawing.node(NodeId(id), node);
        }
        for (id, node) in model.nodes.iter().enumerate() {
            drawing.leaves_node(NodeId(id), node);
        }
        for id in 0..model.rings.len() {
            drawing.leaves_ring(RingId(id));
        }
        drawing
    }

    fn port(&mut self, port: &Port) {
        let (names, fb) = (self.names, &self.names.fb);
        let ring = names.ring(port.ring);
        let (kind, word) = match port.side {
            Side::Input => (PKind::Input, quote!(Input)),
            Side::Output => (PKind::Output, quote!(Output)),
            Side::Topic => (PKind::Topic, quote!(Topic)),
        };
        let (name, options) = (names.text(&port.name), options(ring));
        self.picture.nodes.push(PNode {
            name: name.clone(),
            kind,
            segment: None,
            note: note(ring),
        });
        let (record, capacity) = (names.port(port), names.capacity(port.ring));
        let (node, kind) = (quote!(#fb::topology::Node::port::<#record>), self.ring_kind(ring));
        self.nodes
            .push(quote!(#node(#fb::topology::Kind::#word, #name, #capacity, #options) #kind));
    }

    fn node(&mut self, id: NodeId, node: &Node) {
        let (names, fb) = (self.names, &self.names.fb);
        let name = names.text(&node.name);
        let (kind, word) = match node.kind {
            Kind::Source { .. } | Kind::Every { .. } => (PKind::Source, quote!(Source)),
            Kind::Function { .. } | Kind::State { .. } => (PKind::Stage, quote!(Stage)),
        };
        let (options, segment) = (node_options(names, node), node.segment.0);
        self.picture.nodes.push(PNode {
            name: name.clone(),
            kind,
            segment: Some(segment),
            note: options.clone(),
        });
        let workers = names.workers(node.segment).map_or(quote!(1), |workers| quote!(#workers));
        let gives = names.flow(&Flow::Out(id));
        let takes = names.ways(id).first().map(|way| {
            let types = names.types_of(id, *way);
            quote!(.takes::<#types::In>())
        });
        let node = quote!(#fb::topology::Node::of(#fb::topology::Kind::#word, #name, #workers, #options));
        self.nodes.push(quote!(#node.segment(#segment)#takes.gives::<#gives>()));
    }

    /// A node of the picture that is none of the declaration: a fork behind a ring, an end in `drop`.
    fn extra(&mut self, kind: PKind, word: TokenStream, segment: Option<usize>) -> usize {
        let fb = &self.names.fb;
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

    /// The place of a node of the declaration among those of the drawing.
    fn drawn(&self, id: NodeId) -> usize {
        self.names.model.ports.len() + id.0
    }

    /// What a node gives, what it is lent, and its failures.
    fn leaves_node(&mut self, id: NodeId, node: &Node) {
        let (model, place) = (self.names.model, self.drawn(id));
        self.tree(Leaving::by_wire(place, &Flow::Out(id)), &node.next);
        for used in &node.resources {
            if let Sharing::Latest(port) = model.resources[used.resource.0].sharing {
                self.edge(Leaving::by_outlet(port.0, &Flow::Port(port), "lent"), place, None);
            }
        }
        for (inlet, uses) in node.inlets.iter().enumerate() {
            if let Outlet::Wired { ring, .. } = uses.errors {
                self.ring(Leaving::by_outlet(place, &Flow::Failed { node: id, inlet }, "errors"), ring);
            }
        }
    }

    /// What comes out of the ring of a port, and what the wires of a ring's outlets take.
    fn leaves_ring(&mut self, id: RingId) {
        let (names, model) = (self.names, self.names.model);
        let (ring, behind) = (names.ring(id), names.behind(id));
        if let Some(from) = self.root(id) {
            self.tree(Leaving::by_wire(from, &ring.flow), behind);
        }
        let reader = match behind {
            Next::Ring { ring, .. } => model.entry(*ring),
            _ => model.entry(id),
        };
        if let (Some((wire, _)), Some(reader)) = (ring.lagged, reader) {
            self.ring(Leaving::by_outlet(self.drawn(reader), &Flow::Lagged, "lagged"), wire);
        }
        if let Some((wire, _)) = ring.shed {
            let from = match (ring.port, ring.consumer, behind) {
                (Some(port), ..) => port.0,
                (None, Consumer::Segment { .. }, Next::Fused { to, .. }) => self.drawn(*to),
                _ => return,
            };
            self.ring(Leaving::by_outlet(from, &Flow::Shed(id), "shed"), wire);
        }
    }

    /// Where the records of a ring come from that a port holds; for others the wire itself is the edge.
    fn root(&self, id: RingId) -> Option<usize> {
        let ring = self.names.ring(id);
        // A cursor of a port's ring is a way out of the port.
        let port = ring.cursor.map_or(ring.port, |of| self.names.ring(of).port);
        match (port, ring.consumer) {
            (Some(port), Consumer::Segment { .. }) => Some(port.0),
            _ => None,
        }
    }

    /// The edges of a tree.
    fn tree(&mut self, leaving: Leaving<'_>, next: &Next) {
        let model = self.names.model;
        match next {
            Next::End => {}
            Next::Drop(_) => {
                let to = self.extra(PKind::Drop, quote!(Drop), None);
                self.edge(leaving, to, None);
            }
            Next::Fused { to, inlet, .. } => {
                let label = &inlet_label(self.names, *to, *inlet, leaving.label);
                self.edge(Leaving { label, ..leaving }, self.drawn(*to), None);
            }
            Next::Ring { ring, .. } => self.ring(leaving, *ring),
            Next::Fan(branches) => branches.iter().for_each(|branch| self.tree(leaving, branch)),
            Next::Route(id) => {
                let route = &model.routes[id.0];
                for (number, arm) in route.arms.iter().enumerate() {
                    let label = &pattern(&arm.pat, arm.guard.is_some());
                    let flow = match arm.value {
                        Some(_) => &Flow::Arm { route: *id, arm: number },
                        None => &route.flow,
                    };
                    self.tree(Leaving { flow, label, ..leaving }, &arm.next);
                }
            }
        }
    }

    /// The edges through a ring.
    fn ring(&mut self, leaving: Leaving<'_>, id: RingId) {
        let (names, ring) = (self.names, self.names.ring(id));
        if let Some(port) = ring.port {
            return self.edge(leaving, port.0, None);
        }
        // Of one that is read by cursors each is an edge of its own.
        if let cursors @ [_, ..] = &names.cursors(id)[..] {
            return cursors.iter().for_each(|cursor| self.ring(leaving, *cursor));
        }
        match names.behind(id) {
            Next::Fused { to, inlet, .. } => {
                let label = &inlet_label(names, *to, *inlet, leaving.label);
                self.edge(Leaving { label, ..leaving }, self.drawn(*to), Some(id));
            }
            Next::Drop(_) => {
                let to = self.extra(PKind::Drop, quote!(Drop), None);
                self.edge(leaving, to, Some(id));
            }
            root => {
                let segment = match ring.consumer {
                    Consumer::Segment { segment, .. } => Some(segment.0),
                    _ => None,
                };
                let fork = self.extra(PKind::Fork, quote!(Fork), segment);
                self.edge(leaving, fork, Some(id));
                self.tree(Leaving::by_wire(fork, &ring.flow), root);
            }
        }
    }

    /// One edge, through the ring that stands on its wire.
    fn edge(&mut self, leaving: Leaving<'_>, to: usize, ring: Option<RingId>) {
        let (names, fb) = (self.names, &self.names.fb);
        let Leaving {
            from,
            flow,
            label,
            outlet,
        } = leaving;
        self.picture.edges.push(PEdge {
            from,
            to,
            ring: ring.map(|id| note(names.ring(id))),
            label: (!label.is_empty()).then(|| label.to_owned()),
            dashed: outlet,
        });
        let record = names.flow(flow);
        let ring = ring.map(|id| {
            let ring = names.ring(id);
            let (capacity, options, kind) = (names.capacity(id), options(ring), self.ring_kind(ring));
            quote!(.ring(#capacity, #options) #kind)
        });
        let label = (!label.is_empty()).then(|| quote!(.label(#label)));
        let outlet = outlet.then(|| quote!(.outlet()));
        self.edges
            .push(quote!(#fb::topology::Edge::of::<#record>(#from, #to)#label #outlet #ring));
    }

    /// `.overwriting(Broadcast)`, where it is not the usual kind.
    fn ring_kind(&self, ring: &Ring) -> Option<TokenStream> {
        let fb = &self.names.fb;
        let word = match ring.kind {
            RingKind::Queue => return None,
            RingKind::Broadcast => quote!(Broadcast),
            RingKind::Latest => quote!(Latest),
            RingKind::Mailbox => quote!(Mailbox),
        };
        Some(quote!(.overwriting(#fb::topology::RingKind::#word)))
    }
}
