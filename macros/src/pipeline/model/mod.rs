//! The graph of a pipeline: names resolved, rings numbered, segments cut. Plain data: neither parsing nor quoting.

mod admission;
mod build;
mod components;
mod cursors;
mod declare;

#[cfg(test)]
mod dump;
mod edges;
mod entries;
mod extras;
mod faults;
mod feeds;
mod nodes;
mod outlets;
mod places;
mod reach;
mod segments;
mod waits;
mod wires;

pub(crate) use admission::Admission;
pub(crate) use build::build;
pub(crate) use edges::*;
pub(crate) use extras::*;
pub(crate) use faults::*;
pub(crate) use nodes::*;

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
    /// Those of the ports first, in their order, then those of the wires, then those of `errors` for all. A cursor comes after the
    /// ring that it reads.
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
    pub side: Side,
    pub name: Ident,
    pub ty: Type,
    /// Its own ring.
    pub ring: RingId,
}

/// Which side of a port the pipeline is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
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
    /// The newest value of this `[latest = expr]` topic, `&T`.
    Latest(PortId),
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
    /// Of its first node.
    pub pinned: bool,
    /// The cycle that it is on.
    pub component: Option<ComponentId>,
    /// It leads to a `deadline`: the time of entry travels along.
    pub entered: bool,
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
