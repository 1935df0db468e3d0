//! `page`: the figures in `docs/performance.md`, between two marks, and the pictures beside it.

mod bars;
mod curve;
mod overload;
mod style;
mod text;

use std::error::Error;
use std::fs;

use crate::figures::{Figures, root};

const BEGIN: &str = "<!-- figures: written by `forebay-benches page` -->\n";
const END: &str = "<!-- figures: end -->\n";

/// Writes them.
pub(crate) fn write(figures: &Figures) -> Result<(), Box<dyn Error>> {
    let docs = root().join("docs");
    let pictures = docs.join("performance");
    fs::create_dir_all(&pictures)?;
    for (name, svg) in [
        ("five.svg", bars::five(figures)?),
        ("edge.svg", bars::edge(figures)?),
        ("others.svg", bars::others(figures)?),
        ("gain.svg", curve::gain(figures)?),
        ("latency.svg", curve::latency(figures)?),
        ("overload.svg", overload::overload(figures)?),
    ] {
        fs::write(pictures.join(name), svg)?;
    }
    let page = docs.join("performance.md");
    let old = fs::read_to_string(&page)?;
    let (before, rest) = old
        .split_once(BEGIN)
        .ok_or("docs/performance.md has no mark where its figures begin")?;
    let (_, after) = rest
        .split_once(END)
        .ok_or("docs/performance.md has no mark where its figures end")?;
    fs::write(page, format!("{before}{BEGIN}{}{END}{after}", text::figures(figures)))?;
    Ok(())
}
