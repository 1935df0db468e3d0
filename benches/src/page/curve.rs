//! Curves: the gain against the work of a stage, and latencies by their quantiles.

use std::error::Error;

use plotters::prelude::*;

use super::style::{FOREBAY, THIRD, TOKIO, color, ink, label, picture};
use crate::figures::Figures;
use crate::measure::Table;
use crate::rows::gain;
use crate::stats::median;

type Svg = Result<String, Box<dyn Error>>;

/// The gain of five ringed stages over tokio's, for each work that was measured.
pub(super) fn points(figures: &Figures, threads: usize) -> Vec<(usize, f64)> {
    let at = |(i, work): (usize, &u64)| Some((i, gain::of(figures.table(&gain::name(threads, *work))?)?));
    gain::WORK.iter().enumerate().filter_map(at).collect()
}

/// The gain that what a record costs without any work lets one expect, on one thread.
pub(super) fn expected(figures: &Figures) -> Vec<(usize, f64)> {
    let idle = figures.table(&gain::name(1, 0));
    let at = |(i, work): (usize, &u64)| Some((i, gain::expected(idle?, *work)?));
    gain::WORK.iter().enumerate().filter_map(at).collect()
}

/// The gain against the work.
pub(super) fn gain(figures: &Figures) -> Svg {
    picture((760, 420), "The gain over tokio against the work of a stage", |root| {
        let last = gain::WORK.len() - 1;
        let mut chart = ChartBuilder::on(root)
            .caption("times as many records as tokio recv/send, five ringed stages", label(15))
            .margin(12)
            .margin_right(30)
            .x_label_area_size(44)
            .y_label_area_size(48)
            .build_cartesian_2d(0.0..last as f64, (0.8..60.0).log_scale())?;
        chart
            .configure_mesh()
            .axis_style(ink(0.6))
            .bold_line_style(ink(0.16))
            .light_line_style(TRANSPARENT)
            .label_style(label(12))
            .axis_desc_style(label(13))
            .x_labels(gain::WORK.len())
            .x_label_formatter(&|x| gain::WORK.get(x.round() as usize).map_or(String::new(), u64::to_string))
            .y_label_formatter(&|y| format!("{y}x"))
            .x_desc("work of a stage, ns")
            .draw()?;
        for (name, color, points) in [
            ("1 thread, expected", THIRD, expected(figures)),
            ("1 thread", FOREBAY, points(figures, 1)),
            ("2 workers", TOKIO, points(figures, 2)),
        ] {
            let points = points.into_iter().map(|(i, gain)| (i as f64, gain));
            chart
                .draw_series(LineSeries::new(points.clone(), color.stroke_width(2)))?
                .label(name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color.stroke_width(2)));
            chart.draw_series(points.map(|point| Circle::new(point, 3, color.filled())))?;
        }
        legend(&mut chart, SeriesLabelPosition::UpperRight)
    })
}

/// Groups of latencies that have a panel.
const PANELS: [&str; 6] = [
    "latency-10k-1t",
    "latency-10k-2t",
    "latency-one-in-flight-2t",
    "latency-load50-1t",
    "latency-load90-1t",
    "latency-bursts-2t",
];

/// Latencies by their quantiles, a panel a group.
pub(super) fn latency(figures: &Figures) -> Svg {
    picture((900, 560), "Latencies by their quantiles", |root| {
        let panels = root.split_evenly((2, 3));
        for (panel, table) in panels.iter().zip(PANELS.iter().filter_map(|name| figures.table(name))) {
            latency_panel(panel, table)?;
        }
        Ok(())
    })
}

fn latency_panel(panel: &DrawingArea<SVGBackend<'_>, plotters::coord::Shift>, table: &Table) -> Result<(), Box<dyn Error>> {
    let curves: Vec<(&str, Vec<f64>)> = table
        .rows
        .iter()
        .map(|row| {
            let quantiles = row.figures.iter().map(|figures| median(figures.iter().copied()));
            (row.name.as_str(), quantiles.collect())
        })
        .collect();
    let all = || curves.iter().flat_map(|(_, curve)| curve.iter().copied());
    // From one power of ten to another, with room for the names.
    let least = 10f64.powf(all().fold(f64::INFINITY, f64::min).log10().floor());
    let most = 10f64.powf(all().fold(0.0, f64::max).log10().ceil()) * 4.0;
    let title = table.name.trim_start_matches("latency-");
    let mut chart = ChartBuilder::on(panel)
        .caption(format!("{title}, µs"), label(14))
        .margin(10)
        .x_label_area_size(26)
        .y_label_area_size(46)
        .build_cartesian_2d(-0.2..table.columns.len() as f64 - 0.8, (least..most).log_scale())?;
    chart
        .configure_mesh()
        .axis_style(ink(0.6))
        .bold_line_style(ink(0.16))
        .light_line_style(TRANSPARENT)
        .label_style(label(11))
        .y_label_formatter(&|y| format!("{y}"))
        .x_labels(table.columns.len())
        .x_label_formatter(&|x| match x.round() {
            at if (x - at).abs() < 0.01 => table.columns.get(at as usize).cloned().unwrap_or_default(),
            _ => String::new(),
        })
        .draw()?;
    for (name, curve) in &curves {
        let color = color(name);
        let points = curve.iter().enumerate().map(|(i, value)| (i as f64, *value));
        chart
            .draw_series(LineSeries::new(points, color.stroke_width(2)))?
            .label(*name)
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 18, y)], color.stroke_width(2)));
    }
    legend(&mut chart, SeriesLabelPosition::UpperLeft)
}

pub(super) fn legend<'a, 'b, C: CoordTranslate>(
    chart: &mut ChartContext<'a, SVGBackend<'b>, C>,
    position: SeriesLabelPosition,
) -> Result<(), Box<dyn Error>>
where
    'b: 'a,
{
    chart
        .configure_series_labels()
        .position(position)
        .label_font(label(12))
        .draw()?;
    Ok(())
}
