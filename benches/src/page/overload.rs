//! Overload: what is answered in time, and how late, against the load.

use std::error::Error;

use plotters::coord::Shift;
use plotters::prelude::*;

use super::curve::legend;
use super::style::{THIRD, TOKIO, color, ink, label, picture};
use crate::figures::Figures;
use crate::rows::FOREBAY;
use crate::rows::overload::{BOUNDED, LOADS, SHEDDING, UNBOUNDED, name};
use crate::stats::median;

type Drawn = Result<(), Box<dyn Error>>;

/// The medians of a contender in a column, for each load.
fn points(figures: &Figures, contender: &str, column: usize) -> Vec<(f64, f64)> {
    let at = |(i, load): (usize, &u64)| {
        let row = figures.table(&name(*load))?.rows.iter().find(|row| row.name == contender)?;
        Some((i as f64, median(row.figures[column].iter().copied())))
    };
    LOADS.iter().enumerate().filter_map(at).collect()
}

/// Goodput, and the 99th percentile of what is answered.
pub(super) fn overload(figures: &Figures) -> Result<String, Box<dyn Error>> {
    picture((900, 380), "Overload: goodput and latency against the load", |root| {
        let (left, right) = root.split_horizontally(450);
        let goodput = |(at, short): (f64, f64)| (at, 100.0 - short);
        panel(&left, "answered in time, % of capacity", figures, 0, (0.0, 125.0), goodput)?;
        panel(&right, "p99 of what is answered, ms", figures, 2, (0.0, 260.0), |point| point)
    })
}

fn panel(
    area: &DrawingArea<SVGBackend<'_>, Shift>,
    title: &str,
    figures: &Figures,
    column: usize,
    (least, most): (f64, f64),
    value: impl Fn((f64, f64)) -> (f64, f64),
) -> Drawn {
    let mut chart = ChartBuilder::on(area)
        .caption(title, label(15))
        .margin(12)
        .x_label_area_size(44)
        .y_label_area_size(48)
        .build_cartesian_2d(-0.2..LOADS.len() as f64 - 0.8, least..most)?;
    chart
        .configure_mesh()
        .axis_style(ink(0.6))
        .bold_line_style(ink(0.16))
        .light_line_style(TRANSPARENT)
        .label_style(label(12))
        .axis_desc_style(label(13))
        .x_labels(LOADS.len())
        .x_label_formatter(&|x| match x.round() {
            at if (x - at).abs() < 0.01 => LOADS.get(at as usize).map_or(String::new(), |load| format!("{load}x")),
            _ => String::new(),
        })
        .x_desc("load, times what the stage can do")
        .draw()?;
    // Three of them are tokio's: the one that is drawn thin waits at a bound, the one in a colour of its own sheds by hand.
    for (contender, color, width) in [
        (UNBOUNDED, TOKIO, 2),
        (BOUNDED, TOKIO, 1),
        (SHEDDING, THIRD, 2),
        (FOREBAY, color(FOREBAY), 3),
    ] {
        let points: Vec<_> = points(figures, contender, column).into_iter().map(&value).collect();
        chart
            .draw_series(LineSeries::new(points.iter().copied(), color.stroke_width(width)))?
            .label(contender)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color.stroke_width(width)));
        chart.draw_series(points.into_iter().map(|point| Circle::new(point, 3, color.filled())))?;
    }
    legend(&mut chart, SeriesLabelPosition::MiddleRight)
}
