//! Aligned tables for terminals.

use std::fmt;

/// To which side a column keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Left,
    Right,
}

/// A head and rows, as text.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<(String, Side)>,
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(super) fn new<N: Into<String>>(columns: impl IntoIterator<Item = (N, Side)>) -> Table {
        Table {
            columns: columns.into_iter().map(|(name, side)| (name.into(), side)).collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row: a cell a column.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().collect());
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The width of the first column, for tables that stand below each other.
    pub(super) fn first_width(&self) -> usize {
        self.width(0)
    }

    /// Writes the table, indented by two, without a newline at its end; the first column is at least `first` wide.
    pub(super) fn write(&self, first: usize, f: &mut dyn fmt::Write) -> fmt::Result {
        let mut widths: Vec<usize> = (0..self.columns.len()).map(|at| self.width(at)).collect();
        widths[0] = widths[0].max(first);
        let head: Vec<String> = self.columns.iter().map(|(name, _)| name.clone()).collect();
        self.line(&head, &widths, f)?;
        write!(f, "\n  {}", "─".repeat(widths.iter().sum::<usize>() + 2 * (widths.len() - 1)))?;
        for row in &self.rows {
            f.write_char('\n')?;
            self.line(row, &widths, f)?;
        }
        Ok(())
    }

    fn line(&self, cells: &[String], widths: &[usize], f: &mut dyn fmt::Write) -> fmt::Result {
        let cells = cells
            .iter()
            .zip(widths)
            .zip(&self.columns)
            .map(|((cell, width), (_, side))| match side {
                Side::Left => format!("  {cell:<width$}"),
                Side::Right => format!("  {cell:>width$}"),
            });
        f.write_str(cells.collect::<String>().trim_end())
    }

    fn width(&self, at: usize) -> usize {
        let cells = self.rows.iter().map(|row| row[at].chars().count());
        cells.chain([self.columns[at].0.chars().count()]).max().unwrap_or(0)
    }
}
