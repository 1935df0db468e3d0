//! `report`: measures the groups, prints their tables, then the ratios.

use std::error::Error;

use crate::figures::Figures;
use crate::measure::{Effort, Table};
use crate::rows::{self, Runtimes};
use crate::{machine, table};

/// What to measure.
pub(crate) struct Options {
    /// A smoke, not a measurement.
    pub(crate) quick: bool,
    /// How many times, one after the other.
    pub(crate) runs: usize,
    /// Only groups with this in their names.
    pub(crate) filter: String,
    /// Only contenders with this in their names.
    pub(crate) only: String,
}

impl Options {
    /// Nothing is left out.
    pub(crate) fn of_all(&self) -> bool {
        self.filter.is_empty() && self.only.is_empty()
    }
}

/// Measures and prints.
pub(crate) fn run(options: &Options) -> Result<Figures, Box<dyn Error>> {
    let effort = if options.quick { Effort::QUICK } else { Effort::FULL };
    let runtimes = Runtimes::start()?;
    println!("{}; {}", machine::compiler(), machine::describe());
    let mut tables: Vec<Table> = Vec::new();
    for run in 0..options.runs {
        let mut groups = rows::all(&runtimes);
        groups.retain(|group| group.name.contains(&options.filter));
        if groups.is_empty() {
            return Err(format!("no group has `{}` in its name", options.filter).into());
        }
        for (at, mut group) in groups.into_iter().enumerate() {
            group.keep(&options.only);
            let table = group.measure(effort)?;
            table::print(&table);
            match run {
                0 => tables.push(table),
                _ => tables[at].add(table),
            }
        }
    }
    println!();
    for ratio in tables.iter().flat_map(|table| &table.ratios) {
        println!("{ratio}");
    }
    Ok(Figures::new(options.quick, options.runs, tables))
}
