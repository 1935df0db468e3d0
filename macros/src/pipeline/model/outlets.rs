//! The side ways out: `.errors`, `.shed`, and `errors` for all.

use super::build::{Builder, Handler, Named, SideOf, SideWire};
use super::reach::wires;
use super::wires::{Place, SHED};
use super::*;
use crate::graph::reach;
use crate::pipeline::ast::{Arrow, Step, Target};

impl Builder<'_> {
    pub(super) fn errors(&mut self, found: Named, of: &Ident, inlet: Option<&Ident>, steps: &[Step]) {
        let Named::Node(node) = found else {
            self.hole(of.span(), format!("`{of}` is not a node, so it has no `.errors`"));
            return;
        };
        let Some(inlet) = self.inlet(node, of, inlet, ".errors") else {
            return;
        };
        if self.nodes[node.0].inlets[inlet].errors != Outlet::Unwired {
            self.hole(
                of.span(),
                format!("the failures of `{of}` are wired twice; say more with a group: `-[64]-> {{ …, … }}`"),
            );
            return;
        }
        let outlet = match steps {
            [
                Step {
                    arrow: Arrow::Fused(_),
                    target: Target::Drop(_),
                },
            ] => Outlet::Dropped,
            _ => match self.run(Place::Errors { node, inlet }, &Flow::Failed { node, inlet }, steps) {
                Next::Ring { ring, lane, .. } => Outlet::Wired { ring, lane, named: true },
                _ => Outlet::Dropped,
            },
        };
        self.nodes[node.0].inlets[inlet].errors = outlet;
    }

    pub(super) fn shed(&mut self, found: Named, of: &Ident, inlet: Option<&Ident>, word: &Ident, steps: &[Step]) {
        let shed = match found {
            Named::Port(port) => SideOf::Port(port),
            Named::Node(node) => match self.inlet(node, of, inlet, ".shed") {
                Some(inlet) => SideOf::Node { node, inlet },
                None => return,
            },
            Named::Resource(_) => {
                self.hole(of.span(), format!("`{of}` is a resource: only ports and nodes have `.shed`"));
                return;
            }
        };
        if self.sheds.iter().any(|wire| wire.of == shed) {
            self.hole(
                of.span(),
                format!("what `{of}` sheds is wired twice; say more with a group: `-[64]-> {{ …, … }}`"),
            );
            return;
        }
        let number = self.sheds.len();
        self.sheds.push(SideWire {
            of: shed,
            span: of.span().join(word.span()).unwrap_or_else(|| of.span()),
            lane: None,
        });
        let next = self.run(Place::Shed(number), &Flow::Shed(RingId(SHED + number)), steps);
        if let Next::Ring { ring, lane, .. } = next {
            self.sheds[number].lane = Some((ring, lane));
        }
    }

    /// `errors` for all: reads what stands behind it; who fails into it is known in the end.
    pub(super) fn handler(&mut self, word: &Ident, steps: &[Step]) {
        if self.handler.is_some() {
            self.hole(
                word.span(),
                "`errors` for all is wired twice; say more with a group behind its stage",
            );
            return;
        }
        match steps {
            [
                Step {
                    arrow: Arrow::Fused(_),
                    target: Target::Drop(_),
                },
            ] => {
                self.handler = Some(Handler::Drop { word: word.span() });
            }
            [
                Step {
                    arrow: Arrow::Fused(span),
                    ..
                },
                ..,
            ] => self.outlet_without_ring(*span, "errors"),
            [
                Step {
                    arrow: Arrow::Ring(ring),
                    target: Target::Stage(stage),
                },
                rest @ ..,
            ] => match self.lookup(stage.name()) {
                Some(Named::Node(_)) if ring.kind.has_cursors() => {
                    let message = "`errors` for all leads to one reader, and the failures of each node have a ring of their own: write `[64]`, or `[64, drop_oldest]`";
                    self.hole(ring.span, message);
                }
                Some(Named::Node(node)) if self.nodes[node.0].inlets.iter().all(|inlet| inlet.name.is_none()) => {
                    let (ring, span) = (ring.clone(), stage.name().span());
                    self.handler = Some(Handler::Node {
                        node,
                        ring,
                        span,
                        word: word.span(),
                    });
                    self.out(node, rest);
                }
                _ => self.heterogeneous(stage.name().span()),
            },
            [step, ..] => {
                let span = match &step.target {
                    Target::Inlet { node, .. } => node.span(),
                    Target::Drop(span) | Target::Group { span, .. } | Target::Route { word: span, .. } => *span,
                    Target::Stage(stage) => stage.name().span(),
                };
                self.heterogeneous(span);
            }
            [] => {}
        }
    }

    fn heterogeneous(&mut self, span: Span) {
        self.hole(span, "`errors` for all leads to a stage: failures of different nodes have different types, and only a generic stage takes them all");
    }

    pub(super) fn outlet_without_ring(&mut self, span: Span, what: &str) {
        self.hole(span, format!("an outlet starts with a ring: `{what} -[64]-> …`"));
    }

    pub(super) fn outlet_name(&self, place: Place) -> String {
        let side = |of: SideOf, outlet: &'static str| match of {
            SideOf::Port(port) => Err(format!("{}.{outlet}", self.ports[port.0].name)),
            SideOf::Node { node, inlet } => Ok((node, inlet, outlet)),
        };
        let named = match place {
            Place::Errors { node, inlet } => Ok((node, inlet, "errors")),
            Place::Shed(wire) => side(self.sheds[wire].of, "shed"),
            Place::Lagged(wire) => side(self.lagged[wire].of, "lagged"),
            Place::Node(_) | Place::Ring(_) | Place::Root(_) => Err("errors".to_owned()),
        };
        let (node, inlet, outlet) = match named {
            Ok(named) => named,
            Err(name) => return name,
        };
        let node = &self.nodes[node.0];
        match &node.inlets[inlet].name {
            Some(inlet) => format!("{}.{inlet}.{outlet}", node.name),
            None => format!("{}.{outlet}", node.name),
        }
    }

    /// Finds the rings of the `.shed` wires.
    pub(super) fn connect_sheds(&mut self) {
        for number in 0..self.sheds.len() {
            let SideWire { of, span, lane } = self.sheds[number];
            let rings = match self.shedding(of) {
                Ok(rings) => rings,
                Err(message) => {
                    self.hole(span, message);
                    continue;
                }
            };
            let Some((to, lane)) = lane else { continue };
            let placeholder = RingId(SHED + number);
            for (at, ring) in rings.iter().enumerate() {
                let producers = &mut self.rings[to.0].producers;
                let lane = match at {
                    0 => lane,
                    _ => producers.len(),
                };
                match producers.get_mut(lane) {
                    Some(producer) => *producer = Producer::Shed(*ring),
                    None => producers.push(Producer::Shed(*ring)),
                }
                self.rings[ring.0].shed = Some((to, lane));
            }
            let Some(first) = rings.first() else { continue };
            let links = self
                .nodes
                .iter_mut()
                .flat_map(|node| &mut node.inlets)
                .flat_map(|inlet| &mut inlet.links);
            let flows = links.map(|link| &mut link.flow);
            let flows = flows.chain(self.routes.iter_mut().map(|route| &mut route.flow));
            for flow in flows.chain(self.rings.iter_mut().map(|ring| &mut ring.flow)) {
                if *flow == Flow::Shed(placeholder) {
                    *flow = Flow::Shed(*first);
                }
            }
        }
    }

    /// The rings that shed into this outlet.
    fn shedding(&self, of: SideOf) -> Result<Vec<RingId>, String> {
        let (name, rings) = match of {
            SideOf::Port(port) => (&self.ports[port.0].name, vec![self.ports[port.0].ring]),
            SideOf::Node { node, inlet } => {
                let name = &self.nodes[node.0].name;
                if matches!(&self.handler, Some(Handler::Node { node: handler, .. }) if *handler == node) {
                    return Err(format!(
                        "`{name}` takes failures of different types: what its rings shed cannot be wired"
                    ));
                }
                let links = &self.nodes[node.0].inlets[inlet].links;
                let all = links.iter().filter_map(|link| match link.from {
                    Origin::Ring(ring) => Some(ring),
                    Origin::Node(_) | Origin::Root(_) => None,
                });
                let (own, ports): (Vec<_>, Vec<_>) = all.partition(|ring| self.rings[ring.0].port.is_none());
                match (own.is_empty(), ports.first().and_then(|ring| self.rings[ring.0].port)) {
                    (false, _) => (name, own),
                    (true, Some(port)) => {
                        let port = &self.ports[port.0].name;
                        return Err(format!("the ring before `{name}` is the port `{port}`: write `{port}.shed`"));
                    }
                    (true, None) => return Err(format!("no ring stands before `{name}`, so nothing is shed there")),
                }
            }
        };
        let all_wait = rings.iter().all(|ring| self.rings[ring.0].policy == Policy::Wait);
        let shedding: Vec<_> = rings.into_iter().filter(|ring| self.rings[ring.0].policy.sheds()).collect();
        match (shedding.is_empty(), all_wait) {
            (false, _) => Ok(shedding),
            (true, true) => Err(format!(
                "the ring of `{name}` waits when it is full, so it sheds nothing: add `shed` to it"
            )),
            (true, false) => Err(format!(
                "the ring of `{name}` drops the oldest record, which counts as `lost`: only a ring that says `shed` has an outlet `.shed`"
            )),
        }
    }

    /// Finds who fails into `errors` for all: every node whose failures go nowhere else, but those behind it.
    pub(super) fn connect_errors(&mut self) {
        let behind = match &self.handler {
            None => return,
            Some(Handler::Drop { .. }) => vec![false; self.nodes.len()],
            Some(Handler::Node { node, .. }) => self.behind(*node),
        };
        let mut caught = false;
        for (at, behind) in behind.into_iter().take(self.nodes.len()).enumerate() {
            let clock = matches!(self.nodes[at].kind, Kind::Every { .. });
            for inlet in 0..self.nodes[at].inlets.len() {
                if behind || clock || self.nodes[at].inlets[inlet].errors != Outlet::Unwired {
                    continue;
                }
                caught = true;
                self.nodes[at].inlets[inlet].errors = self.catch(NodeId(at), inlet);
            }
        }
        if caught || self.cx.broken.graph {
            return;
        }
        const NOTHING: &str = "`errors` for all takes nothing: every node is wired by name, or stands behind it";
        match &self.handler {
            Some(Handler::Node { node, word, .. }) => {
                self.cx.broken.name(&self.nodes[node.0].name);
                self.cx.errors.at(*word, NOTHING);
            }
            Some(Handler::Drop { word }) => self.cx.errors.at(*word, NOTHING),
            None => {}
        }
    }

    fn catch(&mut self, node: NodeId, inlet: usize) -> Outlet {
        let Some(Handler::Node {
            node: to, ring, span, ..
        }) = &self.handler
        else {
            return Outlet::Dropped;
        };
        let (to, span, text) = (*to, *span, ring.clone());
        let flow = Flow::Failed { node, inlet };
        let ring = self.ring(&text, None, flow.clone(), vec![Producer::Errors { node, inlet }]);
        // The handler has one way in, without a name.
        let handler = &mut self.nodes[to.0].inlets[0];
        handler.mixed = true;
        handler.links.push(Link {
            from: Origin::Ring(ring),
            flow,
            span,
        });
        self.reads[ring.0] = Some(Next::Fused {
            to,
            inlet: 0,
            link: handler.links.len() - 1,
            span,
        });
        Outlet::Wired {
            ring,
            lane: 0,
            named: false,
        }
    }

    /// Which nodes stand behind this one, itself included.
    fn behind(&self, node: NodeId) -> Vec<bool> {
        let reads = self.reads.iter().enumerate();
        let behind = reads.filter_map(|(at, next)| Some((RingId(at), next.as_ref()?)));
        let edges = wires(&self.nodes, &self.rings, &self.routes, behind);
        reach(&edges, [node.0])
    }
}
