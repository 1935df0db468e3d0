//! What is printed.

use crate::measure::{Row, Table};
use crate::stats::{by_round, median};

impl Row {
    /// The figures that ratios are taken from.
    pub(crate) fn judged(&self, table: &Table) -> &[f64] {
        &self.figures[table.judged]
    }

    /// The best of them.
    pub(crate) fn best(&self, table: &Table) -> f64 {
        self.judged(table).iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Its medians, its best, and how many times less it is than `first`: where both are amounts, and not nothing.
    pub(crate) fn cells(&self, first: &Row, table: &Table) -> Vec<String> {
        let medians = self.figures.iter().map(|figures| median(figures.iter().copied()));
        let cells = medians.chain([self.best(table)]).map(|figure| format!("{figure:.2}"));
        let amounts = [first, self].map(|row| row.judged(table).iter().all(|figure| *figure > 0.0));
        let times = by_round(first.judged(table), self.judged(table), |first, row| first / row);
        cells
            .chain([if amounts == [true; 2] {
                format!("{times:.2}")
            } else {
                "-".to_owned()
            }])
            .collect()
    }
}

/// The table of one group: medians, the best round, and how many times less than the first contender each one takes.
pub(crate) fn print(table: &Table) {
    let rounds = table.rows.first().map_or(0, |row| row.judged(table).len());
    println!("\n{}: {} ({rounds} rounds, {})", table.name, table.about, table.unit);
    let columns = table.columns.iter().map(String::as_str);
    let head: String = columns
        .chain(["best", "x first"])
        .map(|column| format!(" {column:>9}"))
        .collect();
    println!("  {:<32}{head}", "");
    let Some(first) = table.rows.first() else { return };
    for row in &table.rows {
        let cells = row.cells(first, table);
        let line: String = cells.iter().map(|cell| format!(" {cell:>9}")).collect();
        println!("  {:<32}{line}", row.name);
    }
}
