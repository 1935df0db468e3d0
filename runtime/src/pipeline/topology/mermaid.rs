//! The topology for mermaid.

use super::{Kind, Topology};

pub(super) fn mermaid(topology: &Topology) -> String {
    let mut lines = vec!["flowchart LR".to_owned()];
    let (alone, frames) = topology.frames();
    lines.extend(alone.into_iter().map(|at| format!("  {}", node(topology, at))));
    for (segment, nodes) in frames {
        // A title is wanted: without one mermaid shows the id.
        lines.push(format!(
            "  subgraph s{segment}[{}]",
            quoted(&format!("segment {}", topology.nodes[nodes[0]].name))
        ));
        lines.extend(nodes.into_iter().map(|at| format!("    {}", node(topology, at))));
        lines.push("  end".to_owned());
    }
    for edge in topology.edges.iter() {
        let arrow = if edge.outlet { "-.->" } else { "-->" };
        let caption = edge.caption();
        let caption = if caption.is_empty() {
            String::new()
        } else {
            format!("|{}|", quoted(&caption))
        };
        lines.push(format!("  n{} {arrow}{caption} n{}", edge.from, edge.to));
    }
    lines.join("\n") + "\n"
}

fn node(topology: &Topology, at: usize) -> String {
    let node = &topology.nodes[at];
    let detail = node.detail();
    let label = quoted(&if detail.is_empty() {
        node.name.to_owned()
    } else {
        format!("{}\n{detail}", node.name)
    });
    match node.kind {
        Kind::Input | Kind::Output | Kind::Topic => format!("n{at}[({label})]"),
        Kind::Source | Kind::Errors => format!("n{at}([{label}])"),
        Kind::Pipeline => format!("n{at}[[{label}]]"),
        Kind::Fork => format!("n{at}{{{label}}}"),
        Kind::Stage | Kind::Drop => format!("n{at}[{label}]"),
    }
}

/// A string of mermaid: what has a meaning in it, or in the HTML that it becomes, is written as an entity.
fn quoted(text: &str) -> String {
    let mut shown = String::from("\"");
    for c in text.chars() {
        match c {
            '#' => shown.push_str("#35;"),
            '"' => shown.push_str("#quot;"),
            '<' => shown.push_str("#lt;"),
            '>' => shown.push_str("#gt;"),
            '&' => shown.push_str("#amp;"),
            '`' => shown.push_str("#96;"),
            '\\' => shown.push_str("#92;"),
            '\n' => shown.push_str("<br/>"),
            _ => shown.push(c),
        }
    }
    shown.push('"');
    shown
}
