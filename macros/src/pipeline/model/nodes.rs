//! Nodes, and what is said of them.

use super::*;

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

impl Node {
    /// What it borrows, each resource once, however often it is mentioned.
    pub(crate) fn borrowed(&self) -> impl Iterator<Item = &Use> {
        let uses = self.resources.iter().enumerate();
        let first = |(at, used): &(usize, &Use)| self.resources[..*at].iter().all(|other| other.resource != used.resource);
        uses.filter(first).map(|(_, used)| used)
    }

    /// How many places of its segment call it. None: a ring or a stream feeds it.
    pub(crate) fn callers(&self) -> usize {
        let links = self.inlets.iter().flat_map(|inlet| &inlet.links);
        links.filter(|link| !matches!(link.from, Origin::Ring(_))).count()
    }
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
#[expect(clippy::large_enum_variant, reason = "made once, in one call of a macro")]
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
    /// `pin: cores`.
    pub pin: Option<Span>,
    /// State nodes only.
    pub tick: Option<Time>,
    pub restart: Option<Restart>,
    pub keep: Option<(Keep, Span)>,
    /// `on_panic: rebuild`. State nodes only.
    pub rebuild: Option<Span>,
    /// The most records of a batch: a literal, or a const.
    pub batch: Option<Expr>,
    pub concurrency: Option<Concurrency>,
    /// `timeout`, `retry` and the like.
    pub faults: Faults,
}

/// `concurrency: 16`, or `concurrency: 16 ordered`.
#[derive(Debug, Clone)]
pub(crate) struct Concurrency {
    /// The user's word for it.
    pub word: Span,
    /// How many records are in flight in one worker: a literal, or a const.
    pub most: Expr,
    /// What they give leaves in the order in which they came.
    pub ordered: bool,
}

/// `restart: 3 in 10s else drain`.
#[derive(Debug, Clone)]
pub(crate) struct Restart {
    pub times: u32,
    pub within: Time,
    pub otherwise: Otherwise,
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
