//! Throughputs as bars: a cluster a group, a bar a contender.

use std::error::Error;

use plotters::prelude::*;
use plotters::style::text_anchor::HPos;

use super::style::{color, ink, picture, text};
use crate::figures::Figures;
use crate::measure::Table;
use crate::stats::median;

type Svg = Result<String, Box<dyn Error>>;

/// Five ringed stages.
pub(super) fn five(figures: &Figures) -> Svg {
    let names = [
        "five-u64-1t-64",
        "five-u64-2t-64",
        "five-64B-1t-64",
        "five-64B-2t-64",
        "ready-1t-64",
        "ready-2t-64",
    ];
    bars(figures, "Records a second through five ringed stages", &names)
}

/// One edge.
pub(super) fn edge(figures: &Figures) -> Svg {
    let names = ["edge-u64-1t-64", "edge-u64-2t-64", "edge-64B-1t-64", "edge-64B-2t-64"];
    bars(figures, "Records a second over one edge", &names)
}

/// Fan-in, broadcast, latest.
pub(super) fn others(figures: &Figures) -> Svg {
    let names = [
        "fan-in-1t-64",
        "fan-in-2t-64",
        "broadcast-1-1t",
        "broadcast-3-1t",
        "broadcast-1-2t",
        "broadcast-3-2t",
        "latest-write-1t",
        "latest-read-1t",
    ];
    bars(figures, "Records a second: fan-in, broadcast, latest", &names)
}

const WIDTH: i32 = 860;
const LINE: i32 = 19;
/// Where bars begin, and the longest of them ends.
const FROM: i32 = 260;
const TO: i32 = 780;

fn bars(figures: &Figures, about: &str, names: &[&str]) -> Svg {
    let tables: Vec<&Table> = names.iter().filter_map(|name| figures.table(name)).collect();
    let lines: usize = tables.iter().map(|table| table.rows.len() + 2).sum();
    let size = (WIDTH as u32, 30 + lines as u32 * LINE as u32);
    picture(size, about, |root| {
        root.draw(&Text::new(format!("{about}, in millions"), (10, 14), text(15, HPos::Left)))?;
        let mut y = 24 + LINE;
        for table in tables {
            root.draw(&Text::new(table.about.clone(), (10, y), text(13, HPos::Left)))?;
            y += LINE;
            let millions = |row: &crate::measure::Row| 1000.0 / median(row.judged(table).iter().copied());
            let most = table.rows.iter().map(millions).fold(0.0, f64::max);
            for row in &table.rows {
                let value = millions(row);
                let end = FROM + ((TO - FROM) as f64 * value / most).max(1.0) as i32;
                let corners = [(FROM, y - LINE / 2 + 3), (end, y + LINE / 2 - 3)];
                root.draw(&Text::new(row.name.clone(), (FROM - 8, y), text(12, HPos::Right)))?;
                root.draw(&Rectangle::new(corners, color(&row.name).filled()))?;
                root.draw(&Text::new(format!("{value:.1}"), (end + 6, y), text(12, HPos::Left)))?;
                y += LINE;
            }
            root.draw(&PathElement::new([(10, y), (WIDTH - 10, y)], ink(0.2)))?;
            y += LINE;
        }
        Ok(())
    })
}
