//! The figures as text.

use std::fmt::Write;

use super::curve::{expected, points};
use crate::figures::Figures;
use crate::measure::Table;
use crate::rows::{gain, options};

/// All that stands between the marks.
pub(super) fn figures(figures: &Figures) -> String {
    let mut page = String::new();
    machine(&mut page, figures);
    pictures(&mut page);
    curve(&mut page, figures);
    costs(&mut page, figures);
    ratios(&mut page, figures);
    tables(&mut page, figures);
    page
}

/// Writing to a `String` does not fail.
macro_rules! line {
    ($page:expr $(, $($text:tt)+)?) => {{
        $(let _ = write!($page, $($text)+);)?
        $page.push('\n');
    }};
}

fn machine(page: &mut String, figures: &Figures) {
    if figures.quick {
        line!(
            page,
            "\n**These come from a smoke (`--quick`): they show the form, and mean nothing.**"
        );
    }
    line!(page, "\n| | |\n|---|---|");
    line!(page, "| machine | {} |", figures.machine);
    line!(page, "| compiler | {} |", figures.compiler);
    line!(page, "| peers | {} |", figures.peers.join(", "));
    line!(page, "| runs | {}, one after the other |", figures.runs);
}

fn pictures(page: &mut String) {
    for (name, about) in [
        ("five", "Five ringed stages: records a second, by contender"),
        ("edge", "One edge: records a second, by contender"),
        ("others", "Fan-in, broadcast and latest: records a second, by contender"),
        ("gain", "The gain over tokio falls as stages work for longer"),
        ("latency", "Latencies by their quantiles, this project and tokio"),
        (
            "overload",
            "Overload: what is answered in time, and how late, against the load",
        ),
    ] {
        line!(page, "\n![{about}](performance/{name}.svg)");
    }
}

/// The gain against the work, beside what is to be expected.
fn curve(page: &mut String, figures: &Figures) {
    line!(page, "\n### The gain against work\n");
    line!(
        page,
        "Times as many records as tokio `recv`/`send`, through five ringed stages that each work for W ns. Expected is (t + 5 W) / (f + 5 W), \
         where t and f are what a record costs tokio and us on one thread when W is 0.\n"
    );
    line!(
        page,
        "| W, ns | 1 thread | 2 workers | 1 thread, expected |\n|---|---|---|---|"
    );
    let (one, two, expected) = (points(figures, 1), points(figures, 2), expected(figures));
    let cell = |points: &[(usize, f64)], at| match points.iter().find(|(i, _)| *i == at) {
        Some((_, gain)) => format!("{gain:.1}"),
        None => "-".to_owned(),
    };
    for (i, work) in gain::WORK.iter().enumerate() {
        line!(
            page,
            "| {work} | {} | {} | {} |",
            cell(&one, i),
            cell(&two, i),
            cell(&expected, i)
        );
    }
}

/// What each option costs.
fn costs(page: &mut String, figures: &Figures) {
    let Some(table) = figures.table(options::NAME) else { return };
    line!(page, "\n### What an option costs\n");
    line!(
        page,
        "One stage on one thread, with the option and without: how many ns a record takes more, the median of all rounds. A stage without an \
         option pays nothing: `not-declared` among the ratios compares two that are the same.\n"
    );
    line!(page, "| with | ns a record more | than |\n|---|---|---|");
    for (name, base, cost) in options::costs(table) {
        line!(page, "| {name} | {cost:.1} | {base} |");
    }
}

fn ratios(page: &mut String, figures: &Figures) {
    let ratios = || figures.tables.iter().flat_map(|table| &table.ratios);
    let met = ratios().filter(|ratio| ratio.met()).count();
    line!(page, "\n### Ratios\n");
    line!(page, "{met} of {} are met in every run.\n\n```text", ratios().count());
    ratios().for_each(|ratio| line!(page, "{ratio}"));
    line!(page, "```");
}

fn tables(page: &mut String, figures: &Figures) {
    line!(page, "\n### All figures\n");
    line!(
        page,
        "Medians of all rounds. *Best* is the best round, *x first* how many times less than the first contender, round by round."
    );
    let family = |table: &Table| table.name.split('-').next().unwrap_or_default().to_owned();
    let mut last = String::new();
    for table in &figures.tables {
        if family(table) != last {
            if !last.is_empty() {
                line!(page, "\n</details>");
            }
            last = family(table);
            line!(page, "\n<details><summary>{last}</summary>");
        }
        one(page, table);
    }
    line!(page, "\n</details>\n");
}

fn one(page: &mut String, table: &Table) {
    let rounds = table.rows.first().map_or(0, |row| row.judged(table).len());
    line!(
        page,
        "\n**{}**: {}; {}, {rounds} rounds\n",
        table.name,
        table.about,
        table.unit
    );
    line!(page, "| | {} | best | x first |", table.columns.join(" | "));
    line!(page, "|---|{}", "---|".repeat(table.columns.len() + 2));
    let Some(first) = table.rows.first() else { return };
    for row in &table.rows {
        line!(page, "| {} | {} |", row.name, row.cells(first, table).join(" | "));
    }
}
