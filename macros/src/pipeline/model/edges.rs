//! Edges: ways in, ways on, and rings.

use super::*;

/// A way into a node.
#[derive(Debug)]
pub(crate) struct InletUse {
    /// The method of a join; `None`: the only way in (`process`, or the function).
    pub name: Option<Ident>,
    /// All that comes in here. Either fused links, or rings, never both (checked).
    pub links: Vec<Link>,
    /// The link that gives the type of what comes in, so that no type depends on itself; `None` for a source.
    pub feed: Option<usize>,
    /// Fed by `errors` for all: each link has a type of its own, and is its own feed.
    pub mixed: bool,
    /// Where failures go.
    pub errors: Outlet,
    /// It keeps a clone of the record while it works on it, for `errors`.
    pub keeps: bool,
}

impl InletUse {
    pub(super) fn new(name: Option<Ident>) -> Self {
        InletUse {
            name,
            links: Vec::new(),
            feed: None,
            mixed: false,
            errors: Outlet::Unwired,
            keeps: false,
        }
    }
}

/// One edge into a node.
#[derive(Debug, Clone)]
pub(crate) struct Link {
    pub from: Origin,
    /// The type of what comes along it.
    pub flow: Flow,
    /// The user's word for the node at the end of this edge.
    pub span: Span,
}

/// Where a link begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Taken from this ring: the node is the first of its segment.
    Ring(RingId),
    /// Fused: called by this node (perhaps over a group or a route).
    Node(NodeId),
    /// Fused: called by the group or route that reads this ring without a node between.
    Root(RingId),
}

/// What type flows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Flow {
    /// The type that the port declares.
    Port(PortId),
    /// What the node gives (for the feed of its inlet number [`Node::gives`]).
    Out(NodeId),
    /// `Failed` of what comes into inlet number `inlet` of the node, and its error.
    Failed { node: NodeId, inlet: usize },
    /// `Shed` of what flows in that ring.
    Shed(RingId),
    /// `Lagged`: how much a reader has missed.
    Lagged,
    /// What arm number `arm` of the route forwards.
    Arm { route: RouteId, arm: usize },
}

/// Where failures go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outlet {
    /// Nowhere: the stage must not fail by itself; its panics are counted.
    Unwired,
    /// `-> drop`, said by the user at this node (or for all): counted, and gone.
    Dropped,
    /// Into this ring, as producer number `lane`. `named`: `NODE.errors`, not `errors` for all.
    Wired { ring: RingId, lane: usize, named: bool },
}

/// Where records go.
#[derive(Debug, Clone)]
pub(crate) enum Next {
    /// Nothing is wired: the stage must give nothing.
    End,
    /// `-> drop`: what the stage gives is dropped and counted.
    Drop(Span),
    /// A direct call of this node, in the same task. `inlet` is a place in its [`Node::inlets`], `link` one in that inlet's `links`.
    Fused {
        to: NodeId,
        inlet: usize,
        link: usize,
        span: Span,
    },
    /// Into this ring, as producer number `lane`.
    Ring { ring: RingId, lane: usize, span: Span },
    /// A clone to each, in order; the last one moved. Never empty.
    Fan(Vec<Next>),
    /// A `match`.
    Route(RouteId),
}

impl Next {
    /// The ends of the tree, in order: no group or route is among them.
    pub(crate) fn leaves<'a>(&'a self, routes: &'a [Route]) -> Vec<&'a Next> {
        match self {
            Next::Fan(branches) => branches.iter().flat_map(|next| next.leaves(routes)).collect(),
            Next::Route(id) => routes[id.0].arms.iter().flat_map(|arm| arm.next.leaves(routes)).collect(),
            leaf => vec![leaf],
        }
    }
}

/// A `match` in a wire.
#[derive(Debug)]
pub(crate) struct Route {
    /// The word `match`.
    pub span: Span,
    /// What it matches on.
    pub flow: Flow,
    pub arms: Vec<Arm>,
}

/// One arm of a `match`.
#[derive(Debug)]
pub(crate) struct Arm {
    pub pat: Pat,
    pub guard: Option<Expr>,
    /// What it forwards (an identifier or a block); `None` for `=> drop`.
    pub value: Option<Expr>,
    /// [`Next::Drop`] for `=> drop`.
    pub next: Next,
}

/// A bounded buffer.
#[derive(Debug)]
pub(crate) struct Ring {
    /// That of its port, or `None` for one written on an edge.
    pub port: Option<PortId>,
    pub kind: RingKind,
    /// The first value of a `latest`.
    pub first: Option<Expr>,
    /// It is a cursor: one reader's view of that `broadcast` or `latest` ring, which holds the records. Its producers are those of
    /// that ring.
    pub cursor: Option<RingId>,
    pub capacity: Capacity,
    pub policy: Policy,
    pub affinity: Affinity,
    /// What is let in from outside.
    pub admission: Admission,
    pub extras: Extras,
    /// What type flows in it.
    pub flow: Flow,
    /// In the order of the wires; an `Outside` is first. Never empty in a model without errors.
    pub producers: Vec<Producer>,
    pub consumer: Consumer,
    /// The ring that takes what this one sheds (`.shed` is wired), and its lane there.
    pub shed: Option<(RingId, usize)>,
    /// The ring that takes what this cursor's reader is told of its lag (`.lagged` is wired), and its lane there.
    pub lagged: Option<(RingId, usize)>,
    /// On a cycle that goes through an `.errors` outlet: the failed tries travel along.
    pub attempts: bool,
    /// It leads to a `deadline`: the time of entry travels along.
    pub entered: bool,
    /// Its brackets.
    pub span: Span,
}

/// How a ring keeps its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RingKind {
    /// Each record is taken once, in order.
    Queue,
    /// Every reader sees every record; the oldest is overwritten.
    Broadcast,
    /// One value; readers skip to the newest.
    Latest,
    /// One slot, taken once, overwritten when full.
    Mailbox,
}

impl RingKind {
    /// Its readers are cursors: each sees every record, at its own pace.
    pub(crate) fn has_cursors(self) -> bool {
        matches!(self, RingKind::Broadcast | RingKind::Latest)
    }

    /// The word of the language; none for the usual ring.
    pub(crate) fn word(self) -> Option<&'static str> {
        match self {
            RingKind::Queue => None,
            RingKind::Broadcast => Some("broadcast"),
            RingKind::Latest => Some("latest"),
            RingKind::Mailbox => Some("mailbox"),
        }
    }
}

/// How many records a ring holds, per lane.
#[derive(Debug, Clone)]
pub(crate) enum Capacity {
    /// A power of two (checked).
    Lit { value: u64, span: Span },
    /// A const: checked where its value is known.
    Expr(Expr),
}

/// What a full ring does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Policy {
    Wait,
    Shed,
    DropOldest,
    /// See [`Extras::offer`].
    Offer,
}

impl Policy {
    /// What a full ring refuses is shed: at once, or after some tries.
    pub(crate) fn sheds(self) -> bool {
        matches!(self, Policy::Shed | Policy::Offer)
    }
}

/// Which worker a record meets.
#[derive(Debug, Clone)]
pub(crate) enum Affinity {
    /// Any.
    None,
    /// The one of its `#[key]`; the words `by key`.
    Key(Span),
    /// The one of this field.
    Field(Ident),
}

impl Affinity {
    /// As it is written, with a space before it.
    pub(crate) fn words(&self) -> String {
        match self {
            Affinity::None => String::new(),
            Affinity::Key(_) => " by key".to_owned(),
            Affinity::Field(field) => format!(" by {field}"),
        }
    }
}

/// What puts records into a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Producer {
    /// Callers, over this input port.
    Outside(PortId),
    /// What the node gives (at a leaf of its [`Node::next`]).
    Node(NodeId),
    /// What is taken from that ring, with no node between (a leaf of its intake's `next`).
    Root(RingId),
    /// The failures of the node at inlet number `inlet`.
    Errors { node: NodeId, inlet: usize },
    /// What that ring sheds. This producer never waits, whatever the policy of the ring that it feeds.
    Shed(RingId),
    /// What the reader of that cursor is told of its lag. This producer never waits either.
    Lagged(RingId),
}

/// What takes records out of a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consumer {
    /// Nothing: only in a model with errors.
    Nobody,
    /// Its cursors, and those that borrow its newest value.
    Cursors,
    /// The reader of this output port.
    Outside(PortId),
    /// Intake number `intake` of the segment.
    Segment { segment: SegmentId, intake: usize },
}
