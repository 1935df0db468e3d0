//! The graph of a pipeline: names resolved, rings numbered, segments cut. Plain data: neither parsing nor quoting.

mod build;
mod components;
mod declare;
#[cfg(test)]
mod dump;
mod feeds;
mod outlets;
mod places;
mod reach;
mod segments;
mod waits;
mod wires;

pub(crate) use build::build;
pub(crate) use reach::Reach;

use proc_macro2::Span;
use syn::{Attribute, Expr, Generics, Ident, Pat, Path, Type, Visibility};

use crate::units::{Size, Time};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) struct $name(pub usize);
    )*};
}
ids! {
    /// A place in [`Model::ports`].
    PortId;
    /// A place in [`Model::resources`].
    ResourceId;
    /// A place in [`Model::nodes`].
    NodeId;
    /// A place in [`Model::rings`].
    RingId;
    /// A place in [`Model::routes`].
    RouteId;
    /// A place in [`Model::segments`].
    SegmentId;
    /// A place in [`Model::components`].
    ComponentId;
}

impl SegmentId {
    /// Of a node that no source reaches: only in a model with errors.
    pub(crate) const NONE: SegmentId = SegmentId(usize::MAX);
}

/// A pipeline, ready to be checked and written out.
#[derive(Debug)]
pub(crate) struct Model {
    /// The doc comments of the pipeline; no other attribute gets here.
    pub docs: Vec<Attribute>,
    pub vis: Visibility,
    pub name: Ident,
    /// With defaults and the `where` clause.
    pub generics: Generics,
    /// What all rings together may take.
    pub budget: Option<Size>,
    /// The deadline of a shutdown.
    pub drain: Option<Time>,
    /// In the order written.
    pub ports: Vec<Port>,
    /// In the order written.
    pub resources: Vec<Resource>,
    /// `node` clauses first, then in the order in which the wires name them; `every` sources where they stand.
    pub nodes: Vec<Node>,
    /// Those of the ports first, in their order, then those of the wires, then those of `errors` for all.
    pub rings: Vec<Ring>,
    pub routes: Vec<Route>,
    /// One task each (or one task a worker).
    pub segments: Vec<Segment>,
    /// The cycles: what cannot end by closing rings, and ends by counting to zero.
    pub components: Vec<Component>,
    /// Cycles that are right only if one of these nodes is pulled, which the type system knows.
    pub pull_checks: Vec<PullCheck>,
}

/// A ring at the border, or a named one inside.
#[derive(Debug)]
pub(crate) struct Port {
    pub docs: Vec<Attribute>,
    pub way: Way,
    pub name: Ident,
    pub ty: Type,
    /// Its own ring.
    pub ring: RingId,
}

/// Which side of a port the pipeline is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Fed from outside.
    Input,
    /// Read from outside.
    Output,
    /// A queue with a name, both ends inside.
    Topic,
}

/// A value that stages borrow.
#[derive(Debug)]
pub(crate) struct Resource {
    pub docs: Vec<Attribute>,
    pub sharing: Sharing,
    pub name: Ident,
    pub ty: Type,
    /// `= expr`: the builder does not ask for it. (`local`: evaluated anew per worker and rebuild.)
    pub given: Option<Expr>,
    /// The nodes that borrow it; exactly one for a `local` of a model without errors.
    pub users: Vec<NodeId>,
}

/// Whether workers share a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// One, `&T`.
    Shared,
    /// One per worker, `&mut T`.
    Local,
}

/// A stage at its place.
#[derive(Debug)]
pub(crate) struct Node {
    pub docs: Vec<Attribute>,
    /// What the ledger, the topology and the errors call it, at the place that makes the node.
    /// An `every 30s` is `every_30s` (the second one `every_30s_2`), at the span of the word `every`.
    pub name: Ident,
    pub kind: Kind,
    /// In the order of the stage's parameters.
    pub resources: Vec<Use>,
    pub options: Options,
    /// The inlet (a place in `inlets`) whose feed gives the type of what the node gives.
    pub gives: usize,
    /// Its ways in. One without a name for most; one a used inlet for a join; a source has one without links.
    pub inlets: Vec<InletUse>,
    /// Where its records go.
    pub next: Next,
    /// The task that it runs in.
    pub segment: SegmentId,
}

/// A resource in the parentheses of a node.
#[derive(Debug, Clone)]
pub(crate) struct Use {
    pub resource: ResourceId,
    /// The user's word, for spans.
    pub name: Ident,
}

/// What a node is made of.
#[derive(Debug)]
pub(crate) enum Kind {
    /// A stage function (its brace struct at `path`) that takes records.
    Function { path: Path },
    /// A stage function that takes none and returns a stream: nothing is wired to it.
    Source { path: Path },
    /// An `impl` stage. Without `given` the builder asks for a factory, by the node's name.
    State { ty: Type, given: Option<Expr> },
    /// `every 30s`: gives `Tick`.
    Every { period: Time },
}

/// What stands in the braces of a node.
#[derive(Debug, Default, Clone)]
pub(crate) struct Options {
    /// A literal, or a const.
    pub workers: Option<Expr>,
    pub blocking: Option<Span>,
    /// State nodes only.
    pub tick: Option<Time>,
    pub restart: Option<Restart>,
    pub keep: Option<(Keep, Span)>,
    /// `on_panic: rebuild`. State nodes only.
    pub rebuild: Option<Span>,
    /// The most records of a batch: a literal, or a const.
    pub batch: Option<Expr>,
}

/// `restart: 3 in 10s else drain`.
#[derive(Debug, Clone)]
pub(crate) struct Restart {
    pub times: u32,
    pub within: Time,
    pub otherwise: Otherwise,
    pub span: Span,
}

/// What happens when the restarts are used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Otherwise {
    Drain,
    Abort,
}

/// What a node keeps of a record while it works on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Keep {
    Nothing,
    Record,
}

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

    /// More than one fused link comes in: the places before it share the node.
    pub(crate) fn joint(&self) -> bool {
        self.links.iter().filter(|link| !matches!(link.from, Origin::Ring(_))).count() > 1
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
    pub capacity: Capacity,
    pub policy: Policy,
    pub affinity: Affinity,
    /// What type flows in it.
    pub flow: Flow,
    /// In the order of the wires; an `Outside` is first. Never empty in a model without errors.
    pub producers: Vec<Producer>,
    pub consumer: Consumer,
    /// The ring that takes what this one sheds (`.shed` is wired), and its lane there.
    pub shed: Option<(RingId, usize)>,
    /// On a cycle that goes through an `.errors` outlet: the failed tries travel along.
    pub attempts: bool,
    /// Its brackets.
    pub span: Span,
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
}

/// What takes records out of a ring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Consumer {
    /// Nothing: only in a model with errors.
    Nobody,
    /// The reader of this output port.
    Outside(PortId),
    /// Intake number `intake` of the segment.
    Segment { segment: SegmentId, intake: usize },
}

/// A maximal run of fused nodes: one task, or one a worker.
#[derive(Debug)]
pub(crate) struct Segment {
    /// That of its first node, or of the port or ring that a segment without nodes reads.
    pub name: String,
    pub head: Head,
    /// All of it, in topological order: a node comes after all that call it. May be empty.
    pub nodes: Vec<NodeId>,
    /// Of its first node.
    pub workers: Option<Expr>,
    /// Of its first node.
    pub blocking: bool,
    /// The cycle that it is on.
    pub component: Option<ComponentId>,
    /// The place that makes it, for errors.
    pub span: Span,
}

/// Where the records of a segment come from.
#[derive(Debug)]
pub(crate) enum Head {
    /// A stream, or a clock: the node is the first of the segment.
    Source(NodeId),
    /// Served in turn. Either all of them lead into one node, or there is one that leads elsewhere.
    Rings(Vec<Intake>),
}

/// A ring that a segment reads.
#[derive(Debug)]
pub(crate) struct Intake {
    pub ring: RingId,
    /// `Fused` into the first node (most); or a ring, a group, a route, a drop.
    pub next: Next,
}

/// Segments that feed one another in a circle.
#[derive(Debug)]
pub(crate) struct Component {
    pub segments: Vec<SegmentId>,
    /// The rings from one of them to one of them.
    pub rings: Vec<RingId>,
    /// The lanes `(ring, producer)` through which records come in from elsewhere.
    pub entries: Vec<(RingId, usize)>,
    /// Failures travel round it: the envelope carries the failed tries.
    pub retried: bool,
}

/// A cycle of waiting edges: it can deadlock unless one of these nodes is pulled.
#[derive(Debug)]
pub(crate) struct PullCheck {
    /// Never empty in a model without errors.
    pub nodes: Vec<NodeId>,
    /// The ring that closes the cycle.
    pub span: Span,
    /// The cycle in the user's names: `a -> b -> a`.
    pub cycle: String,
}
