//! The topology: what a pipeline is made of, as plain data, and its pictures.
//!
//! `pipeline!` makes it a `const`, so it costs nothing until someone looks. The sketch and the SVG are drawn by the macro, from
//! one layout; DOT and mermaid are for tools that lay out by themselves.

mod dot;
mod make;
mod mermaid;
#[cfg(test)]
mod tests;
mod text;

use std::borrow::Cow;
use std::fmt;

/// The name of a type, called when someone asks: it is not const.
pub type TypeName = fn() -> &'static str;

/// What a pipeline is made of.
#[derive(Debug, Clone)]
pub struct Topology {
    /// The name of the pipeline.
    pub name: &'static str,
    /// Its doc comment.
    pub docs: &'static str,
    /// Its nodes and ports.
    pub nodes: Cow<'static, [Node]>,
    /// What joins them.
    pub edges: Cow<'static, [Edge]>,
    /// What all rings together may take, in bytes, if the pipeline says so.
    pub budget: Option<usize>,
    /// What all rings together take, lanes counted, in bytes.
    pub ring_bytes: usize,
    /// The picture as text.
    pub sketch: &'static str,
    /// The picture as SVG.
    pub svg: &'static str,
}

/// A node or a port.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub kind: Kind,
    /// The segment that runs it: nodes with the same number share a task. None for ports.
    pub segment: Option<usize>,
    /// How many workers share its work; 0 where none does, as in a port.
    pub workers: usize,
    /// Its resources and options as written; for a port what its ring does.
    pub options: &'static str,
    /// The record that it takes.
    pub takes: Option<TypeName>,
    /// The record that it gives.
    pub gives: Option<TypeName>,
    /// The ring that a port holds.
    pub ring: Option<Ring>,
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A port that is fed from outside.
    Input,
    /// A port that is read from outside.
    Output,
    /// A port with both ends inside.
    Topic,
    /// A stage at its place.
    Stage,
    /// A stage that takes no record: a stream, or `every`.
    Source,
    /// A group or a `match` right behind a ring, without a node between.
    Fork,
    /// Where records end that `-> drop` ends.
    Drop,
    /// Another pipeline that this one is joined to.
    Pipeline,
    /// `errors` for all: what fails anywhere and is not wired by name.
    Errors,
}

impl Kind {
    /// In one word.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Input => "input",
            Kind::Output => "output",
            Kind::Topic => "topic",
            Kind::Stage => "stage",
            Kind::Source => "source",
            Kind::Fork => "fork",
            Kind::Drop => "drop",
            Kind::Pipeline => "pipeline",
            Kind::Errors => "errors",
        }
    }
}

/// What joins two nodes.
#[derive(Debug, Clone, Copy)]
pub struct Edge {
    /// The place of the node that gives.
    pub from: usize,
    /// The place of the node that takes.
    pub to: usize,
    /// The outlet (`errors`, `shed`, `lagged`), the inlet, or the arm of a `match`; `lent` for the newest value of a topic that a node
    /// borrows; empty for most.
    pub label: &'static str,
    /// It leaves an outlet, or lends a value: no record of the wire goes along it.
    pub outlet: bool,
    /// The ring between the two; none where the edge is fused, or where a port at one of its ends holds the ring.
    pub ring: Option<Ring>,
    /// The record that flows.
    pub record: Option<TypeName>,
}

/// How a ring keeps its records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RingKind {
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
    /// The word of the language; empty for the usual ring.
    pub const fn name(self) -> &'static str {
        match self {
            RingKind::Queue => "",
            RingKind::Broadcast => "broadcast",
            RingKind::Latest => "latest",
            RingKind::Mailbox => "mailbox",
        }
    }
}

/// A bounded buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ring {
    /// How it keeps its records.
    pub kind: RingKind,
    /// How many records a lane of it holds.
    pub capacity: usize,
    /// Its other options as written: `shed`, `by key`.
    pub options: &'static str,
}

impl fmt::Display for Ring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[")?;
        match self.kind {
            RingKind::Queue => write!(f, "{}", self.capacity)?,
            RingKind::Broadcast => write!(f, "broadcast {}", self.capacity)?,
            RingKind::Latest | RingKind::Mailbox => f.write_str(self.kind.name())?,
        }
        match self.options {
            "" => f.write_str("]"),
            options => write!(f, ", {options}]"),
        }
    }
}

impl Topology {
    /// The picture as SVG, the same that stands in the pipeline's docs: for a page whose text gives it its colour.
    pub const fn svg(&self) -> &'static str {
        self.svg
    }

    /// The picture as an SVG file of its own, for an `<img>`: its colour follows the reader's light or dark scheme.
    pub fn to_svg(&self) -> String {
        const COLOUR: &str = "<style>svg{color:#1f2328}@media(prefers-color-scheme:dark){svg{color:#e6edf3}}</style>\n<title";
        self.svg.replacen("<title", COLOUR, 1)
    }

    /// For terminals: the sketch, the nodes and the rings. The same as `Display`.
    pub fn to_text(&self) -> String {
        text::text(self)
    }

    /// For graphviz.
    pub fn to_dot(&self) -> String {
        dot::dot(self)
    }

    /// For mermaid: a flowchart, segments of several nodes as subgraphs.
    pub fn to_mermaid(&self) -> String {
        mermaid::mermaid(self)
    }

    /// The nodes outside of frames, and the segments that join several nodes, each with the places of its nodes.
    fn frames(&self) -> (Vec<usize>, Vec<(usize, Vec<usize>)>) {
        let mut segments: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut alone = Vec::new();
        for (at, node) in self.nodes.iter().enumerate() {
            match node.segment {
                None => alone.push(at),
                Some(segment) => match segments.iter_mut().find(|(known, _)| *known == segment) {
                    Some((_, nodes)) => nodes.push(at),
                    None => segments.push((segment, vec![at])),
                },
            }
        }
        let (frames, single): (Vec<_>, Vec<_>) = segments.into_iter().partition(|(_, nodes)| nodes.len() > 1);
        alone.extend(single.into_iter().flat_map(|(_, nodes)| nodes));
        alone.sort_unstable();
        (alone, frames)
    }
}

impl fmt::Display for Topology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_text())
    }
}

impl Node {
    /// Its second line in a picture: its ring, its workers.
    fn detail(&self) -> String {
        match self.ring {
            Some(ring) => ring.to_string(),
            None if self.workers > 1 => format!("×{}", self.workers),
            None => String::new(),
        }
    }
}

impl Edge {
    /// What a picture writes on it.
    fn caption(&self) -> String {
        match (self.label, self.ring) {
            ("", None) => String::new(),
            ("", Some(ring)) => ring.to_string(),
            (label, None) => label.to_owned(),
            (label, Some(ring)) => format!("{label} {ring}"),
        }
    }
}
