//! The picture of a pipeline: one layout, drawn as SVG for the docs, and a sketch in text for hovers and terminals.
//!
//! It knows nothing of the language: nodes with a name and a note, and edges between them.

mod gate;
mod layout;
mod loops;
mod path;
mod scene;
mod segment;
mod svg;
#[cfg(test)]
mod tests;
mod text;

/// What is drawn.
#[derive(Debug, Clone, Default)]
pub(crate) struct Picture {
    /// The name of the pipeline.
    pub title: String,
    pub nodes: Vec<PNode>,
    pub edges: Vec<PEdge>,
}

/// A node or a port.
#[derive(Debug, Clone)]
pub(crate) struct PNode {
    pub name: String,
    pub kind: PKind,
    /// Nodes with the same number are fused: a frame is drawn around them.
    pub segment: Option<usize>,
    /// The second line: `×4`, or what the ring of a port is.
    pub note: String,
}

/// What a node looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PKind {
    Input,
    Output,
    Topic,
    Stage,
    Source,
    /// A group or a `match` right behind a ring: a dot.
    Fork,
    /// Where `-> drop` ends.
    Drop,
}

/// What joins two nodes.
#[derive(Debug, Clone)]
pub(crate) struct PEdge {
    /// The place of the node that gives.
    pub from: usize,
    /// The place of the node that takes.
    pub to: usize,
    /// `512`, `512 by key`; none for a fused edge, and where a port holds the ring.
    pub ring: Option<String>,
    /// An outlet, an inlet, an arm of a `match`.
    pub label: Option<String>,
    /// It leaves an outlet.
    pub dashed: bool,
}

impl Picture {
    /// The picture as SVG that stands in markdown: in the colours of the page around it, without blank lines.
    pub(crate) fn svg(&self) -> String {
        svg::svg(self, &scene::scene(self))
    }

    /// The picture for the docs: the SVG for rustdoc; the sketch, which rustdoc does not show, for the hover of an editor, which
    /// does not show the SVG. It is markdown with blank lines around what it brings.
    pub(crate) fn docs(&self) -> String {
        // A `div` starts a block of HTML wherever it stands; a blank line ends the block, so that the fence is markdown again.
        format!(
            "\n<div style=\"display:none\">\n\n```text\n{}```\n\n</div>\n\n<div style=\"overflow-x:auto\">\n{}</div>\n",
            self.text(),
            self.svg()
        )
    }

    /// The picture as lines of text, at most 100 wide.
    pub(crate) fn text(&self) -> String {
        text::text(self)
    }
}

/// At most `most` characters of a text; what is cut off becomes an ellipsis.
fn clip(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}
