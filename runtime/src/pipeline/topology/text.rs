//! The topology in a terminal.

use std::fmt::{self, Write};

use super::{Topology, TypeName};
use crate::pipeline::table::{Side, Table};

pub(super) fn text(topology: &Topology) -> String {
    let mut text = String::new();
    write(topology, &mut text).expect("writing into a string cannot fail");
    text
}

fn write(topology: &Topology, to: &mut String) -> fmt::Result {
    write!(to, "{}", topology.name)?;
    if let Some(line) = topology.docs.lines().map(str::trim).find(|line| !line.is_empty()) {
        write!(to, ": {line}")?;
    }
    to.push('\n');
    for line in topology.sketch.lines() {
        write!(to, "\n  {line}")?;
    }
    for table in [nodes(topology), rings(topology)].iter().filter(|table| !table.is_empty()) {
        to.push_str("\n\n");
        table.write(0, to)?;
    }
    write!(to, "\n\n  all rings together: {}", Bytes(topology.ring_bytes))?;
    if let Some(budget) = topology.budget {
        write!(to, " of a budget of {}", Bytes(budget))?;
    }
    to.push('\n');
    Ok(())
}

fn nodes(topology: &Topology) -> Table {
    use Side::{Left, Right};
    let mut table = Table::new([
        ("node", Left),
        ("kind", Left),
        ("segment", Right),
        ("workers", Right),
        ("record", Left),
        ("options", Left),
    ]);
    for node in topology.nodes.iter() {
        let record = match (node.takes.map(short), node.gives.map(short)) {
            (Some(takes), Some(gives)) if takes == gives => takes,
            (Some(takes), Some(gives)) => format!("{takes} → {gives}"),
            (Some(takes), None) => format!("{takes} →"),
            (None, Some(gives)) => format!("→ {gives}"),
            (None, None) => String::new(),
        };
        let workers = if node.workers == 0 {
            String::new()
        } else {
            node.workers.to_string()
        };
        let segment = node.segment.map(|segment| segment.to_string()).unwrap_or_default();
        let name = node.name.to_owned();
        table.row([
            name,
            node.kind.name().to_owned(),
            segment,
            workers,
            record,
            node.options.to_owned(),
        ]);
    }
    table
}

fn rings(topology: &Topology) -> Table {
    let head = [
        ("ring", Side::Left),
        ("capacity", Side::Right),
        ("options", Side::Left),
        ("record", Side::Left),
    ];
    let mut table = Table::new(head);
    let mut row = |name: String, ring: super::Ring, record: Option<TypeName>| {
        table.row([
            name,
            ring.capacity.to_string(),
            [ring.kind.name(), ring.options].concat(),
            record.map(short).unwrap_or_default(),
        ]);
    };
    for node in topology.nodes.iter() {
        if let Some(ring) = node.ring {
            row(node.name.to_owned(), ring, node.takes.or(node.gives));
        }
    }
    for edge in topology.edges.iter() {
        if let Some(ring) = edge.ring {
            let dot = if edge.outlet {
                format!(".{}", edge.label)
            } else {
                String::new()
            };
            row(
                format!("{}{dot} → {}", topology.nodes[edge.from].name, topology.nodes[edge.to].name),
                ring,
                edge.record,
            );
        }
    }
    table
}

/// The name of a type without the paths: `Failed<Prompt, InferError>`.
fn short(name: TypeName) -> String {
    let mut shown = String::new();
    let mut word = 0; // where the word at the end of `shown` starts
    let mut rest = name();
    while let Some(next) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("::") {
            shown.truncate(word);
            rest = after;
            continue;
        }
        shown.push(next);
        rest = &rest[next.len_utf8()..];
        if !next.is_alphanumeric() && next != '_' {
            word = shown.len();
        }
    }
    shown
}

/// `8 MiB`, `1.5 KiB`, `96 B`.
struct Bytes(usize);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, name) = match self.0 {
            0..0x400 => return write!(f, "{} B", self.0),
            0x400..0x10_0000 => (0x400, "KiB"),
            0x10_0000..0x4000_0000 => (0x10_0000, "MiB"),
            _ => (0x4000_0000, "GiB"),
        };
        let tenths = (self.0 as u128 * 10).div_ceil(unit as u128);
        if tenths.is_multiple_of(10) {
            write!(f, "{} {name}", tenths / 10)
        } else {
            write!(f, "{}.{} {name}", tenths / 10, tenths % 10)
        }
    }
}
