//! The topology for graphviz.

use std::fmt::Write;

use super::{Kind, Topology};

pub(super) fn dot(topology: &Topology) -> String {
    let mut lines = vec![
        format!("digraph {} {{", quoted(topology.name)),
        "  rankdir=LR;".to_owned(),
        "  node [shape=box, style=rounded, fontname=\"monospace\"];".to_owned(),
        "  edge [fontname=\"monospace\", fontsize=10];".to_owned(),
    ];
    let (alone, frames) = topology.frames();
    lines.extend(alone.into_iter().map(|at| format!("  {}", node(topology, at))));
    for (segment, nodes) in frames {
        lines.push(format!("  subgraph cluster_{segment} {{"));
        lines.push("    style=\"rounded,dashed\";".to_owned());
        lines.extend(nodes.into_iter().map(|at| format!("    {}", node(topology, at))));
        lines.push("  }".to_owned());
    }
    for edge in topology.edges.iter() {
        let mut line = format!("  n{} -> n{}", edge.from, edge.to);
        let caption = edge.caption();
        let style = if edge.outlet { "dashed" } else { "solid" };
        let _ = write!(line, " [label={}, style={style}];", quoted(&caption));
        lines.push(line);
    }
    lines.push("}\n".to_owned());
    lines.join("\n")
}

fn node(topology: &Topology, at: usize) -> String {
    let node = &topology.nodes[at];
    let shape = match node.kind {
        Kind::Input | Kind::Output | Kind::Topic => ", shape=cds, style=solid",
        Kind::Source => ", shape=ellipse, style=solid",
        Kind::Errors => ", shape=ellipse, style=dashed",
        Kind::Fork => ", shape=diamond, style=solid",
        Kind::Drop => ", shape=plaintext",
        Kind::Pipeline => ", shape=box3d, style=solid",
        Kind::Stage => "",
    };
    let detail = node.detail();
    let label = if detail.is_empty() {
        node.name.to_owned()
    } else {
        format!("{}\n{detail}", node.name)
    };
    format!("n{at} [label={}{shape}];", quoted(&label))
}

/// A string of DOT: a quote, a backslash and a newline are escaped.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}
