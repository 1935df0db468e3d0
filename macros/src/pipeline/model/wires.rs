//! Wires: the edges of the graph.

use quote::ToTokens;

use super::build::{Builder, Named};
use super::*;
use crate::names::hint;
use crate::pipeline::ast::{self, Arrow, Ast, Head, RingText, Stage, Step, Target, Wire};

/// From where a step leads on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Out of a node.
    Node(NodeId),
    /// Out of a ring.
    Ring(RingId),
    /// Out of a ring, in a group or a route.
    Root(RingId),
    Errors {
        node: NodeId,
        inlet: usize,
    },
    /// Out of `.shed` wire number so many.
    Shed(usize),
    /// Out of `.lagged` wire number so many.
    Lagged(usize),
}

/// Until [`Builder::connect_sheds`] knows the rings of a `.shed` wire, its number beyond this one stands for them.
pub(super) const SHED: usize = usize::MAX / 2;
/// The same for [`Builder::connect_lagged`] and a `.lagged` wire.
pub(super) const LAGGED: usize = SHED;

impl Place {
    fn producer(self) -> Producer {
        match self {
            Place::Node(node) => Producer::Node(node),
            Place::Ring(ring) | Place::Root(ring) => Producer::Root(ring),
            Place::Errors { node, inlet } => Producer::Errors { node, inlet },
            Place::Shed(wire) => Producer::Shed(RingId(SHED + wire)),
            Place::Lagged(wire) => Builder::lagging(wire),
        }
    }

    fn origin(self) -> Option<Origin> {
        match self {
            Place::Node(node) => Some(Origin::Node(node)),
            Place::Ring(ring) => Some(Origin::Ring(ring)),
            Place::Root(ring) => Some(Origin::Root(ring)),
            Place::Errors { .. } | Place::Shed(_) | Place::Lagged(_) => None,
        }
    }

    /// The same inside of a group or route.
    fn inside(self) -> Self {
        match self {
            Place::Ring(ring) => Place::Root(ring),
            other => other,
        }
    }
}

impl Builder<'_> {
    /// Reads all wires but the producers of `.shed` and of `errors` for all.
    pub(super) fn wires(&mut self, ast: &Ast) {
        let mut clocks = self.clocks.clone().into_iter();
        for wire in &ast.wires {
            match &wire.head {
                Head::Stage(stage) => self.wire(stage, wire),
                Head::Every { .. } => {
                    if let Some(clock) = clocks.next() {
                        self.out(clock, &wire.steps);
                    }
                }
                Head::Errors { word } => self.handler(word, &wire.steps),
                Head::Outlet { of, inlet, outlet, word } => {
                    let Some(found) = self.lookup(of) else {
                        self.unknown(of);
                        continue;
                    };
                    match outlet {
                        ast::Outlet::Errors => self.errors(found, of, inlet.as_ref(), &wire.steps),
                        ast::Outlet::Shed => self.shed(found, of, inlet.as_ref(), word, &wire.steps),
                        ast::Outlet::Lagged => self.lag(found, of, inlet.as_ref(), word, &wire.steps),
                    }
                }
            }
        }
    }

    fn unknown(&mut self, name: &Ident) {
        if self.cx.broken.has(name) {
            self.cx.broken.graph = true;
            return;
        }
        let nodes = self.nodes.iter().map(|node| node.name.to_string());
        let ports = self.ports.iter().map(|port| port.name.to_string());
        let hint = hint(&name.to_string(), nodes.chain(ports));
        self.hole(name.span(), format!("no port or node is called `{name}`{hint}"));
    }

    fn wire(&mut self, stage: &Stage, wire: &Wire) {
        let name = stage.name();
        match self.lookup(name) {
            Some(Named::Node(node)) => self.out(node, &wire.steps),
            // Anything but the bare name is reported where the places are read.
            Some(Named::Port(port)) if stage.bare().is_some() => {
                let ring = self.ports[port.0].ring;
                if self.ports[port.0].side == Side::Output {
                    let message = format!("`{name}` is an output, read from outside: a wire may only end there");
                    self.hole_about(name, message);
                } else if wire.steps.is_empty() {
                    self.hole(name.span(), format!("expected an arrow: `{name} -> …`"));
                } else if self.rings[ring.0].kind.has_cursors() {
                    self.follow(ring, &Flow::Port(port), &wire.steps);
                } else if self.reads[ring.0].is_some() {
                    let message = format!(
                        "`{name}` is read by another wire: a port has one reader. Say more with a group: `{name} -> {{ …, … }};`"
                    );
                    if !self.cx.broken.has(name) {
                        self.hole(name.span(), message);
                    }
                } else {
                    // Taken, so that a wire back to here does not read it again.
                    let next = self.run(Place::Ring(ring), &Flow::Port(port), &wire.steps);
                    self.reads[ring.0] = Some(next);
                }
            }
            _ => self.cx.broken.graph = true,
        }
    }

    /// What a node gives goes along these steps.
    pub(super) fn out(&mut self, node: NodeId, steps: &[Step]) {
        // A second way out is reported where the places are read.
        if !steps.is_empty() && matches!(self.nodes[node.0].next, Next::End) {
            let next = self.run(Place::Node(node), &Flow::Out(node), steps);
            self.nodes[node.0].next = next;
        }
    }

    /// The way into a node that a place means.
    pub(super) fn inlet(&mut self, node: NodeId, at: &Ident, name: Option<&Ident>, outlet: &str) -> Option<usize> {
        let found = &self.nodes[node.0];
        let place = found.inlets.iter().position(|inlet| inlet.name.as_ref() == name);
        let first = found.inlets.iter().find_map(|inlet| inlet.name.clone());
        if let (Some(name), Kind::Function { .. } | Kind::Source { .. }) = (name, &found.kind) {
            if !self.cx.broken.has(name) {
                self.hole(name.span(), format!("`{at}` is a function, so it has no inlets"));
                self.cx.broken.name(name);
            }
            return None;
        }
        match (place, name, first) {
            (Some(place), _, _) => return Some(place),
            (None, Some(name), _) => self.hole(name.span(), format!("no wire leads to `{at}.{name}`")),
            (None, None, Some(first)) => {
                self.hole(
                    at.span(),
                    format!("`{at}` has inlets: name one, as in `{at}.{first}{outlet}`"),
                );
            }
            (None, None, None) => self.cx.broken.graph = true,
        }
        None
    }

    /// Goes along the steps from a place; gives where its records go.
    pub(super) fn run(&mut self, place: Place, flow: &Flow, steps: &[Step]) -> Next {
        let Some((step, mut rest)) = steps.split_first() else {
            return Next::End;
        };
        let (first, mut on) = self.step(place, flow, step);
        while let Some((step, after)) = rest.split_first() {
            // What cannot go on is reported where it stands.
            let Some(node) = on else { break };
            let (next, then) = self.step(Place::Node(node), &Flow::Out(node), step);
            if matches!(self.nodes[node.0].next, Next::End) {
                self.nodes[node.0].next = next;
            }
            (rest, on) = (after, then);
        }
        if let (Some(step), None) = (rest.first(), on) {
            let span = match &step.arrow {
                Arrow::Fused(span) => *span,
                Arrow::Ring(ring) => ring.span,
            };
            self.stuck(steps, rest.len(), span);
        }
        first
    }

    /// A wire goes on behind something that ends it.
    fn stuck(&mut self, steps: &[Step], left: usize, span: Span) {
        if let Target::Stage(stage) = &steps[steps.len() - left - 1].target
            && let Some(Named::Port(port)) = self.lookup(stage.name())
            && self.ports[port.0].side != Side::Input
        {
            let name = stage.name();
            let message = match self.ports[port.0].side {
                Side::Topic => format!("a port ends its wire: go on in another one, `{name} -> …;`"),
                Side::Input | Side::Output => format!("`{name}` is an output, read from outside: the wire ends there"),
            };
            self.hole(span, message);
        }
    }

    fn step(&mut self, place: Place, flow: &Flow, step: &Step) -> (Next, Option<NodeId>) {
        let outlet = matches!(place, Place::Errors { .. } | Place::Shed(_) | Place::Lagged(_));
        match &step.arrow {
            Arrow::Fused(span) if outlet && !self.port(&step.target) => {
                let name = self.outlet_name(place);
                self.outlet_without_ring(*span, &name);
                (Next::Drop(*span), None)
            }
            Arrow::Fused(span) => self.target(place, flow, &step.target, *span),
            Arrow::Ring(text) if self.own_ring(place, &step.target, text) => self.target(place, flow, &step.target, text.span),
            Arrow::Ring(text) => {
                if let Target::Drop(span) = &step.target {
                    self.cx.errors.at(*span, "`drop` takes no ring: write `-> drop`");
                    return (Next::Drop(*span), None);
                }
                let ring = self.ring(text, None, flow.clone(), vec![place.producer()]);
                if text.kind.has_cursors() {
                    let on = self.spread(ring, flow, &step.target, text.span);
                    let (lane, span) = (0, text.span);
                    return (Next::Ring { ring, lane, span }, on);
                }
                let (next, on) = self.target(Place::Ring(ring), flow, &step.target, text.span);
                self.reads[ring.0] = Some(next);
                (
                    Next::Ring {
                        ring,
                        lane: 0,
                        span: text.span,
                    },
                    on,
                )
            }
        }
    }

    fn port(&self, target: &Target) -> bool {
        match target {
            Target::Stage(stage) => stage
                .bare()
                .is_some_and(|name| matches!(self.lookup(name), Some(Named::Port(_)))),
            _ => false,
        }
    }

    /// Whether a ring in a wire is that of the port at its side; if it is not the same, that is an error.
    fn own_ring(&mut self, place: Place, target: &Target, text: &RingText) -> bool {
        let before = match place {
            Place::Ring(ring) => self.rings[ring.0].port,
            _ => None,
        };
        let after = match target {
            Target::Stage(stage) => match stage.bare().and_then(|name| self.lookup(name)) {
                Some(Named::Port(port)) => Some(port),
                _ => None,
            },
            _ => None,
        };
        let ports: Vec<PortId> = before.into_iter().chain(after).collect();
        let Some(port) = ports.first() else { return false };
        if !ports.iter().any(|port| same(&self.rings[self.ports[port.0].ring.0], text)) {
            let name = &self.ports[port.0].name;
            self.cx
                .errors
                .at(text.span, format!("the port `{name}` has a ring of its own: write `->`"));
        }
        true
    }

    pub(super) fn target(&mut self, place: Place, flow: &Flow, target: &Target, arrow: Span) -> (Next, Option<NodeId>) {
        match target {
            Target::Stage(stage) => self.stage(place, flow, stage, arrow),
            Target::Inlet { node, inlet } => match self.lookup(node) {
                Some(Named::Node(id)) => (self.link(place, flow, id, node, Some(inlet)), None),
                _ => (Next::Drop(arrow), None),
            },
            Target::Drop(span) => (Next::Drop(*span), None),
            Target::Group { branches, .. } => {
                // One branch alone is no group.
                let place = if branches.len() == 1 { place } else { place.inside() };
                let mut all: Vec<Next> = branches.iter().map(|steps| self.run(place, flow, steps)).collect();
                match all.len() {
                    0 => (Next::Drop(arrow), None),
                    1 => (all.remove(0), None),
                    _ => (Next::Fan(all), None),
                }
            }
            Target::Route { word, arms } => {
                let route = RouteId(self.routes.len());
                self.routes.push(Route {
                    span: *word,
                    flow: flow.clone(),
                    arms: Vec::new(),
                });
                let mut read = Vec::new();
                for (at, arm) in arms.iter().enumerate() {
                    let next = match arm.value {
                        Some(_) => self.run(place.inside(), &Flow::Arm { route, arm: at }, &arm.steps),
                        None => Next::Drop(arm.span),
                    };
                    read.push(Arm {
                        pat: arm.pat.clone(),
                        guard: arm.guard.clone(),
                        value: arm.value.clone(),
                        next,
                    });
                }
                self.routes[route.0].arms = read;
                (Next::Route(route), None)
            }
        }
    }

    fn stage(&mut self, place: Place, flow: &Flow, stage: &Stage, arrow: Span) -> (Next, Option<NodeId>) {
        let name = stage.name();
        match self.lookup(name) {
            Some(Named::Port(port)) if stage.bare().is_some() => {
                if self.ports[port.0].side == Side::Input {
                    let message = format!("`{name}` is an input, fed from outside: a wire may only begin there");
                    self.hole_about(name, message);
                    return (Next::Drop(arrow), None);
                }
                let ring = self.ports[port.0].ring;
                self.rings[ring.0].producers.push(place.producer());
                let lane = self.rings[ring.0].producers.len() - 1;
                (
                    Next::Ring {
                        ring,
                        lane,
                        span: name.span(),
                    },
                    None,
                )
            }
            Some(Named::Node(id)) => (self.link(place, flow, id, name, None), Some(id)),
            // Anything else is reported where the places are read.
            _ => (Next::Drop(arrow), None),
        }
    }

    fn link(&mut self, place: Place, flow: &Flow, id: NodeId, at: &Ident, inlet: Option<&Ident>) -> Next {
        let span = inlet.map_or(at.span(), Ident::span);
        let (Some(from), Some(inlet)) = (place.origin(), self.inlet(id, at, inlet, "")) else {
            return Next::Drop(span);
        };
        let links = &mut self.nodes[id.0].inlets[inlet].links;
        links.push(Link {
            from,
            flow: flow.clone(),
            span,
        });
        Next::Fused {
            to: id,
            inlet,
            link: links.len() - 1,
            span,
        }
    }
}

/// Whether a ring is written as that of the port.
fn same(ring: &Ring, text: &RingText) -> bool {
    let affinity = match (&ring.affinity, &text.affinity) {
        (Affinity::None, Affinity::None) | (Affinity::Key(_), Affinity::Key(_)) => true,
        (Affinity::Field(a), Affinity::Field(b)) => a == b,
        _ => false,
    };
    let capacity = match (&ring.capacity, &text.capacity) {
        (_, None) => true,
        (
            Capacity::Lit { value, .. },
            Some(Expr::Lit(syn::ExprLit {
                lit: syn::Lit::Int(int), ..
            })),
        ) => int.base10_parse::<u64>().is_ok_and(|written| written == *value),
        (Capacity::Expr(a), Some(b)) => a.to_token_stream().to_string() == b.to_token_stream().to_string(),
        _ => false,
    };
    let extras = ring.extras.words() == text.extras.words();
    let admission = ring.admission.words() == text.admission.words();
    affinity && capacity && extras && admission && ring.policy == text.policy && ring.kind == text.kind
}
