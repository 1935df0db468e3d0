//! One measure: its level as a bar with the limit on it, and its history.

use ratatui::{
    buffer::Buffer,
    layout::{Alignment, Constraint, Layout, Rect},
    style::{Color, Modifier, Style},
    text::{Line, Span},
    widgets::{Block, BorderType, Paragraph, RenderDirection, Sparkline, SparklineBar, Widget},
};

use super::board::{Board, Point};
use crate::{
    records::Reading,
    settings::Measure,
    units::{MIB, bytes, rate},
};

/// A sparkline counts in whole numbers: its height in so many steps.
const FINE: f64 = 10_000.0;

/// Draws one measure.
pub(super) struct Panel<'a> {
    pub(super) board: &'a Board,
    pub(super) measure: Measure,
}

impl Widget for Panel<'_> {
    fn render(self, area: Rect, buffer: &mut Buffer) {
        let Panel { board, measure } = self;
        let over = board.points.back().is_some_and(|points| points[measure as usize].over);
        let level = board.reading.as_ref().map(|reading| reading.level(measure));
        let limit = board.settings.as_ref().unwrap_or(&board.wanted).limit(measure);
        let (chosen, strong) = (board.chosen == measure, Style::new().add_modifier(Modifier::BOLD));
        let mut title = vec![Span::styled(format!(" {} ", title(measure)), strong)];
        if let Some(level) = level {
            title.push(Span::styled(format!("{} ", measure.show(level)), colour(over).patch(strong)));
        }
        if over {
            title.push(Span::styled("too much ", colour(over).patch(strong)));
        }
        let limit_title = format!(" limit {} ", measure.show(limit));
        let block = Block::bordered()
            .border_type(if chosen { BorderType::Thick } else { BorderType::Rounded })
            .border_style(if chosen {
                Style::new()
            } else {
                Style::new().add_modifier(Modifier::DIM)
            })
            .title(Line::from(title))
            .title(Line::styled(limit_title, if chosen { strong } else { Style::new() }).alignment(Alignment::Right));
        let inside = block.inner(area);
        block.render(area, buffer);
        let [bar, history, words] = Layout::vertical([Constraint::Max(1), Constraint::Fill(1), Constraint::Max(1)]).areas(inside);
        if let Some(level) = level {
            let full = if measure == Measure::Network {
                (limit * 1.25).max(level)
            } else {
                100.0
            };
            render_bar(level / full, limit / full, over, bar, buffer);
        }
        let points = board.points.iter().rev().map(|points| points[measure as usize]);
        let points: Vec<Point> = points.take(history.width.into()).collect();
        let highest = points.iter().map(|point| point.height).fold(at_least(measure), f64::max);
        let bar = |point: &Point| SparklineBar::from((point.height / highest * FINE) as u64).style(Some(colour(point.over)));
        Sparkline::default()
            .data(points.iter().map(bar))
            .max(FINE as u64)
            .direction(RenderDirection::RightToLeft)
            .render(history, buffer);
        if let Some(reading) = &board.reading {
            Paragraph::new(details(measure, reading)).render(words, buffer);
        }
    }
}

fn title(measure: Measure) -> &'static str {
    match measure {
        Measure::Cpu => "CPU",
        Measure::Memory => "Memory",
        Measure::Disk => "Disk",
        Measure::Network => "Network",
    }
}

/// Colours that can be read on a light and on a dark ground, none of which says anything alone.
fn colour(over: bool) -> Style {
    Style::new().fg(if over { Color::Red } else { Color::Green })
}

/// What the top of the history stands for, at least: noise does not look like work.
fn at_least(measure: Measure) -> f64 {
    match measure {
        Measure::Cpu | Measure::Memory => 100.0,
        Measure::Disk => MIB,
        Measure::Network => 0.1,
    }
}

/// A bar over the whole width, and the limit as a mark on it.
fn render_bar(level: f64, limit: f64, over: bool, area: Rect, buffer: &mut Buffer) {
    let at = |part: f64| (part.clamp(0.0, 1.0) * f64::from(area.width)).round() as u16;
    let (filled, mark) = (at(level), at(limit).min(area.width.saturating_sub(1)));
    for x in 0..area.width {
        let (symbol, style) = match x {
            _ if x == mark => ("┃", Style::new().add_modifier(Modifier::BOLD)),
            _ if x < filled => ("█", colour(over)),
            _ => ("╌", Style::new().add_modifier(Modifier::DIM)),
        };
        for y in area.top()..area.bottom() {
            buffer[(area.x + x, y)].set_symbol(symbol).set_style(style);
        }
    }
}

/// What else there is to say, in a line.
fn details(measure: Measure, reading: &Reading) -> String {
    match measure {
        Measure::Cpu => {
            let cores = reading.cores.iter();
            let heights =
                cores.map(|busy| ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'][(busy / 100.0 * 7.0).round().clamp(0.0, 7.0) as usize]);
            format!("{} cores {}", reading.cores.len(), heights.collect::<String>())
        }
        Measure::Memory => {
            let memory = reading.memory;
            format!("{} of {}", bytes(memory.used as f64), bytes(memory.total as f64))
        }
        Measure::Disk => format!("read {}, written {}", rate(reading.read), rate(reading.written)),
        Measure::Network => format!("received {}, sent {}", rate(reading.received), rate(reading.sent)),
    }
}
