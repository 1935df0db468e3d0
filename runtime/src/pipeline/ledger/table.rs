//! The ledger as a table.

use std::fmt;

use super::{NodeLedger, RingLedger, Snapshot};

/// One block of the table: a head and rows, numbers to the right.
struct Block<'a> {
    head: &'static str,
    columns: &'static [&'static str],
    rows: Vec<(&'a str, Vec<u64>)>,
}

/// Writes the rings and the nodes, their columns aligned. A count of nothing is a dot, so that the others stand out.
pub(super) fn write(snapshot: &Snapshot, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let rings = snapshot
        .rings
        .iter()
        .map(|ring| (ring.name, ring.counts.values().collect()))
        .collect();
    let nodes = snapshot
        .nodes
        .iter()
        .map(|node| (node.name, node.counts.values().collect()))
        .collect();
    let blocks = [
        Block {
            head: "ring",
            columns: RingLedger::NAMES,
            rows: rings,
        },
        Block {
            head: "node",
            columns: NodeLedger::NAMES,
            rows: nodes,
        },
    ];
    // One width for the names of both blocks: their numbers then start below each other.
    let name_width = blocks
        .iter()
        .flat_map(|block| &block.rows)
        .map(|(name, _)| name.chars().count())
        .chain([4])
        .max()
        .unwrap_or(4);
    write!(f, "{}", snapshot.pipeline)?;
    blocks
        .iter()
        .filter(|block| !block.rows.is_empty())
        .try_for_each(|block| block.write(name_width, f))
}

impl Block<'_> {
    fn write(&self, name_width: usize, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let widths: Vec<usize> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, column)| self.width(at, column))
            .collect();
        write!(f, "\n\n  {:name_width$}", self.head)?;
        for (column, width) in self.columns.iter().zip(&widths) {
            write!(f, "  {:>width$}", column.replace('_', " "))?;
        }
        write!(
            f,
            "\n  {}",
            "─".repeat(name_width + widths.iter().map(|width| width + 2).sum::<usize>())
        )?;
        for (name, counts) in &self.rows {
            write!(f, "\n  {name:name_width$}")?;
            for (count, width) in counts.iter().zip(&widths) {
                write!(f, "  {:>width$}", shown(*count))?;
            }
        }
        Ok(())
    }

    fn width(&self, at: usize, column: &str) -> usize {
        self.rows
            .iter()
            .map(|(_, counts)| shown(counts[at]).chars().count())
            .chain([column.len()])
            .max()
            .unwrap_or(0)
    }
}

fn shown(count: u64) -> String {
    if count == 0 { "·".to_owned() } else { count.to_string() }
}
