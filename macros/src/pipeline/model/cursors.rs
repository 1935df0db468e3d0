//! `broadcast` and `latest`: each reader is a cursor of its own, and `.lagged` tells what it has missed.

use super::build::{Builder, Named, SideOf, SideWire};
use super::wires::{LAGGED, Place};
use super::*;
use crate::pipeline::ast::{Arrow, Step, Target};

impl Builder<'_> {
    /// The steps behind a ring whose readers are cursors: one for the wire, or one for each branch of a group that it leads to.
    pub(super) fn follow(&mut self, ring: RingId, flow: &Flow, steps: &[Step]) {
        if let [
            Step {
                arrow: Arrow::Fused(_),
                target: Target::Group { branches, .. },
            },
        ] = steps
        {
            return branches.iter().for_each(|steps| self.follow(ring, flow, steps));
        }
        let cursor = self.cursor(ring);
        let next = self.run(Place::Ring(cursor), flow, steps);
        self.reads[cursor.0] = Some(next);
    }

    /// What a ring on an edge leads to, if its readers are cursors.
    pub(super) fn spread(&mut self, ring: RingId, flow: &Flow, target: &Target, arrow: Span) -> Option<NodeId> {
        if let Target::Group { branches, .. } = target {
            branches.iter().for_each(|steps| self.follow(ring, flow, steps));
            return None;
        }
        let cursor = self.cursor(ring);
        let (next, on) = self.target(Place::Ring(cursor), flow, target, arrow);
        self.reads[cursor.0] = Some(next);
        on
    }

    /// A new cursor of the ring.
    pub(super) fn cursor(&mut self, ring: RingId) -> RingId {
        let of = &self.rings[ring.0];
        let cursor = Ring {
            port: None,
            kind: of.kind,
            first: None,
            cursor: Some(ring),
            capacity: of.capacity.clone(),
            policy: of.policy,
            affinity: Affinity::None,
            admission: Admission::ALL,
            extras: Extras::default(),
            flow: of.flow.clone(),
            producers: Vec::new(),
            consumer: Consumer::Nobody,
            shed: None,
            lagged: None,
            attempts: false,
            entered: false,
            span: of.span,
        };
        self.rings.push(cursor);
        self.reads.push(None);
        RingId(self.rings.len() - 1)
    }

    /// All producers are known: those of a ring are those of its cursors.
    pub(super) fn finish_cursors(&mut self) {
        for at in 0..self.rings.len() {
            if let Some(of) = self.rings[at].cursor {
                self.rings[at].producers = self.rings[of.0].producers.clone();
                self.rings[at].flow = self.rings[of.0].flow.clone();
            }
        }
    }

    /// The newest value of a topic, as a resource of the node. The error: what to do instead.
    pub(super) fn newest(&mut self, port: PortId, node: NodeId, at: &Ident) -> Result<ResourceId, String> {
        let (topic, node) = (&self.ports[port.0], &self.nodes[node.0].name);
        let ring = &self.rings[topic.ring.0];
        if topic.side != Side::Topic {
            return Err(format!("`{at}` is a port, not a resource"));
        }
        if ring.kind != RingKind::Latest {
            return Err(format!(
                "`{at}` is a topic, and only the newest value of a `latest` can be borrowed: declare it `[latest = expr]`, or `shared`"
            ));
        }
        if ring.first.is_none() {
            return Err(format!(
                "`{at}` may have no value yet when `{node}` asks: give it a first one, `[latest = expr]`"
            ));
        }
        let known = self.resources.iter().position(|known| known.sharing == Sharing::Latest(port));
        let resource = known.unwrap_or_else(|| {
            self.resources.push(Resource {
                docs: Vec::new(),
                sharing: Sharing::Latest(port),
                name: topic.name.clone(),
                ty: topic.ty.clone(),
                given: None,
                users: Vec::new(),
            });
            self.resources.len() - 1
        });
        Ok(ResourceId(resource))
    }

    pub(super) fn lag(&mut self, found: Named, of: &Ident, inlet: Option<&Ident>, word: &Ident, steps: &[Step]) {
        let Named::Node(node) = found else {
            let message = match found {
                Named::Port(port) if self.ports[port.0].side == Side::Output => {
                    format!("the readers of `{of}` are outside, and each asks its own end: `{of}.lost()`")
                }
                Named::Port(_) => {
                    format!("a lag is that of one reader: name the node behind `{of}`, as in `NODE.lagged -[64]-> …`")
                }
                _ => format!("`{of}` is a resource: only nodes have `.lagged`"),
            };
            return self.hole(of.span(), message);
        };
        let Some(inlet) = self.inlet(node, of, inlet, ".lagged") else {
            return;
        };
        let of_node = SideOf::Node { node, inlet };
        if self.lagged.iter().any(|wire| wire.of == of_node) {
            return self.hole(
                of.span(),
                format!("the lag of `{of}` is wired twice; say more with a group: `-[64]-> {{ …, … }}`"),
            );
        }
        let number = self.lagged.len();
        self.lagged.push(SideWire {
            of: of_node,
            span: of.span().join(word.span()).unwrap_or_else(|| of.span()),
            lane: None,
        });
        if let Next::Ring { ring, lane, .. } = self.run(Place::Lagged(number), &Flow::Lagged, steps) {
            self.lagged[number].lane = Some((ring, lane));
        }
    }

    /// Finds the cursors of the `.lagged` wires.
    pub(super) fn connect_lagged(&mut self) {
        for number in 0..self.lagged.len() {
            let SideWire { of, span, lane } = self.lagged[number];
            let SideOf::Node { node, inlet } = of else { continue };
            let cursors = self.cursors_before(node, inlet);
            if cursors.is_empty() {
                let name = &self.nodes[node.0].name;
                let message = format!(
                    "`{name}` misses nothing: only the reader of a `broadcast` or a `latest` can lag, and none stands right before it"
                );
                self.hole(span, message);
                continue;
            }
            let Some((to, lane)) = lane else { continue };
            for (at, cursor) in cursors.iter().enumerate() {
                let producers = &mut self.rings[to.0].producers;
                let lane = if at == 0 { lane } else { producers.len() };
                match producers.get_mut(lane) {
                    Some(producer) => *producer = Producer::Lagged(*cursor),
                    None => producers.push(Producer::Lagged(*cursor)),
                }
                self.rings[cursor.0].lagged = Some((to, lane));
            }
        }
    }

    /// The cursors that lead into a node, or into the ring that stands right before it.
    fn cursors_before(&self, node: NodeId, inlet: usize) -> Vec<RingId> {
        let links = self.nodes[node.0].inlets[inlet].links.iter();
        let rings = links.filter_map(|link| match link.from {
            Origin::Ring(ring) => Some(ring),
            Origin::Node(_) | Origin::Root(_) => None,
        });
        let behind = |ring: RingId| {
            let cursors = (0..self.rings.len()).filter(|at| self.rings[*at].cursor.is_some());
            let moves = |at: &usize| matches!(self.reads[*at], Some(Next::Ring { ring: to, .. }) if to == ring);
            cursors.filter(moves).map(RingId).collect()
        };
        let cursors = rings.flat_map(|ring| match self.rings[ring.0].cursor {
            Some(_) => vec![ring],
            None if self.rings[ring.0].port.is_none() => behind(ring),
            None => Vec::new(),
        });
        cursors.collect()
    }

    /// The placeholder of a wire's producer, until its cursors are known.
    pub(super) fn lagging(wire: usize) -> Producer {
        Producer::Lagged(RingId(LAGGED + wire))
    }
}
