//! What the oracle knows of a topology: written beside the declaration, from the same random choices.

/// The topic whose newest value stages borrow.
pub const NEWEST: &str = "newest";

/// A topology.
#[derive(Debug)]
pub struct Spec {
    /// The number that generates it.
    pub number: u64,
    /// Its stages at their places.
    pub nodes: &'static [Node],
    /// Its inputs and outputs.
    pub ports: &'static [Port],
    /// What leads where.
    pub links: &'static [Link],
    /// It has a deadline for its drain, so that a reader may stop for good.
    pub deadline: bool,
    /// It may abort by itself: a worker that panics too often ends it.
    pub aborts: bool,
    /// It has a clock, which never ends by itself.
    pub clock: bool,
}

/// A node.
#[derive(Debug)]
pub struct Node {
    /// Its name.
    pub name: &'static str,
    /// The rings before it, as the ledger names them.
    pub rings: &'static [&'static str],
    /// So many records are in its batches at most, and a failure is one of a whole batch; 1 where it takes none.
    pub batch: u64,
    /// It gives through an `Emit`: a call may be over while what it gave last is on its way, and be cut all the same.
    pub emits: bool,
    /// So many of its calls may be over while what they gave waits for its turn (`concurrency`): an abort cuts that, and no `match` behind
    /// it was asked where it was to go.
    pub in_flight: u64,
    /// All rings before it overwrite: what they lost its `.lagged` has told, if it is wired.
    pub lags: bool,
    /// Its restarts are limited: a dead worker fails records that no stage sees.
    pub mortal: bool,
    /// So many more tries a record has.
    pub retry: u64,
    /// `timeout` or `deadline`: a call may be dropped, and its record fails.
    pub limited: bool,
    /// `deadline` or `breaker`: a record may fail that no stage sees.
    pub refuses: bool,
    /// No option makes a record wait between when it is taken and when the stage is called with it.
    pub at_once: bool,
    /// It has one worker.
    pub alone: bool,
    /// It is told what the stage does; a clock is not.
    pub clock: bool,
}

/// A port.
#[derive(Debug)]
pub struct Port {
    /// Its name, and that of its ring.
    pub name: &'static str,
    /// An input.
    pub input: bool,
    /// What its readers see.
    pub kind: Kind,
    /// So many records of one key it lets in within a millisecond; 0: as many as come.
    pub quota: u64,
    /// The same of all keys.
    pub limit: u64,
    /// It sets the newest value of the topic that is lent.
    pub knob: bool,
}

/// What the readers of an output see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Each record, once.
    Queue,
    /// All of them every record, but for what they miss.
    Broadcast,
    /// The newest.
    Latest,
}

/// Where a link begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// An input, with one node behind it.
    In(usize),
    /// An input, with a group or a `match` behind it: what its ring loses is lost to all branches.
    Root(usize),
    /// What a node gives.
    Node(usize),
    /// What fails at a node.
    Errors(usize),
    /// What the rings before a node refuse.
    ShedOf(usize),
    /// What the ring of a port refuses.
    ShedAt(usize),
    /// What a node has missed.
    LaggedOf(usize),
}

/// Where a link ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum To {
    /// At a node.
    Node(usize),
    /// At an output.
    Out(usize),
    /// In `drop`.
    Drop,
}

/// A link.
#[derive(Debug)]
pub struct Link {
    /// Its beginning.
    pub from: From,
    /// A `match`: each record goes to the one arm that [`arm`](crate::rec::arm) says. Otherwise to each.
    pub route: bool,
    /// Its ends.
    pub to: &'static [To],
}
