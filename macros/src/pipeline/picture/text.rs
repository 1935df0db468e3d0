//! The picture as text: a line a wire, branches as a tree.

use super::{PEdge, PKind, Picture, clip};

/// The widest line.
const WIDTH: usize = 100;
/// Branches of branches are indented up to here.
const DEEPEST: usize = 48;

pub(super) fn text(picture: &Picture) -> String {
    let mut sketch = Sketch {
        picture,
        seen: vec![false; picture.nodes.len()],
        lines: Vec::new(),
    };
    let led_to = |node: usize| picture.edges.iter().any(|edge| edge.to == node && edge.from != node);
    for node in (0..picture.nodes.len()).filter(|node| !led_to(*node)) {
        sketch.start(node);
    }
    for edge in picture.edges.iter().filter(|edge| edge.dashed) {
        sketch.outlet(edge);
    }
    // What is left hangs on cycles that nothing leads into.
    for node in 0..picture.nodes.len() {
        if !sketch.seen[node] {
            sketch.start(node);
        }
    }
    sketch.lines.iter().map(|line| line.trim_end().to_owned() + "\n").collect()
}

struct Sketch<'a> {
    picture: &'a Picture,
    seen: Vec<bool>,
    lines: Vec<String>,
}

// `margin` is what goes before the further lines of a branch.
impl Sketch<'_> {
    fn start(&mut self, node: usize) {
        let shown = self.shown(node);
        self.lines.push(shown);
        self.follow(node, "");
    }

    fn outlet(&mut self, edge: &PEdge) {
        let name = clip(&self.picture.nodes[edge.from].name, 40);
        let label = edge
            .label
            .iter()
            .map(|label| format!(".{}", clip(label, 24)))
            .collect::<String>();
        self.lines.push(name + &label);
        self.go(&arrow(None, edge.ring.as_deref()), edge.to, "");
    }

    /// Goes on from a node that stands at the end of the last line.
    fn follow(&mut self, node: usize, margin: &str) {
        if std::mem::replace(&mut self.seen[node], true) {
            return;
        }
        let picture = self.picture;
        let edges: Vec<&PEdge> = picture
            .edges
            .iter()
            .filter(|edge| edge.from == node && !edge.dashed)
            .collect();
        for (at, edge) in edges.iter().enumerate() {
            let arrow = arrow(edge.label.as_deref(), edge.ring.as_deref());
            if edges.len() == 1 {
                return self.go(&arrow, edge.to, margin);
            }
            let (branch, after) = if at + 1 == edges.len() { ('└', ' ') } else { ('├', '│') };
            self.lines.push(format!("{margin}  {branch}"));
            let deeper = format!("{margin}  {after}  ");
            let margin = if deeper.chars().count() > DEEPEST { margin } else { &deeper };
            self.go(arrow.trim_start(), edge.to, margin);
        }
    }

    fn go(&mut self, arrow: &str, to: usize, margin: &str) {
        self.put(arrow, margin);
        let shown = if self.seen[to] {
            clip(&self.picture.nodes[to].name, 48)
        } else {
            self.shown(to)
        };
        self.put(&format!(" {shown}"), margin);
        self.follow(to, margin);
    }

    /// Adds to the last line, or to a new one if that is full.
    fn put(&mut self, text: &str, margin: &str) {
        let last = self.lines.len() - 1;
        if self.lines[last].chars().count() + text.chars().count() > WIDTH {
            let indent = format!("{margin}    ");
            let room = WIDTH - indent.chars().count();
            self.lines.push(indent + &clip(text.trim_start(), room));
        } else {
            self.lines[last].push_str(text);
        }
    }

    /// The name of a node, and its note as the language writes it.
    fn shown(&self, node: usize) -> String {
        let node = &self.picture.nodes[node];
        let (name, note) = (clip(&node.name, 48), clip(&node.note, 40));
        match node.kind {
            _ if note.is_empty() => name,
            PKind::Input | PKind::Output | PKind::Topic => format!("{name} [{note}]"),
            _ => format!("{name} {{{note}}}"),
        }
    }
}

/// `─▶`, `─[512]─▶`, `─ Ok(x) ─▶`.
fn arrow(label: Option<&str>, ring: Option<&str>) -> String {
    let label = label.map(|label| format!(" {} ─", clip(label, 32))).unwrap_or_default();
    let ring = ring.map(|ring| format!("[{}]─", clip(ring, 24))).unwrap_or_default();
    format!(" ─{label}{ring}▶")
}
