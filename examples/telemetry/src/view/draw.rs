//! The picture.

use ratatui::{
    Frame,
    layout::{Alignment, Constraint, Layout, Rect},
    style::{Color, Modifier, Style},
    text::{Line, Span},
    widgets::{Cell, Paragraph, Row, Table, Wrap},
};

use super::{
    board::{Board, Tone},
    keys::HELP,
    panel::Panel,
};
use crate::{
    settings::Measure,
    units::{bytes, clock},
};

/// What each reader does, and how fast it is.
const SPEEDS: [&str; 3] = ["alerts, at once", "who is busy, in milliseconds", "in words, in seconds"];
/// Two panels stand side by side where the terminal is at least so wide.
const TWO_COLUMNS: u16 = 64;

const STRONG: Style = Style::new().add_modifier(Modifier::BOLD);
const FAINT: Style = Style::new().add_modifier(Modifier::DIM);

/// Draws everything that the board knows, as far as there is room.
pub(super) fn draw(frame: &mut Frame<'_>, board: &Board) {
    let area = frame.area();
    let columns: u16 = if area.width < TWO_COLUMNS { 1 } else { 2 };
    let rows = 4 / columns;
    // Panels grow with the terminal; the notes take the rest.
    let panel = 5 + area.height.saturating_sub(24) / (2 * rows);
    let [head, panels, readers, _, busiest, said, notes, help] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Max(panel * rows),
        Constraint::Length(4),
        Constraint::Max(1),
        Constraint::Max(1),
        Constraint::Max(2),
        Constraint::Fill(1),
        Constraint::Length(1),
    ])
    .areas(area);
    draw_head(frame, board, head);
    draw_panels(frame, board, panels, columns.into());
    draw_readers(frame, board, readers);
    draw_busiest(frame, board, busiest);
    draw_said(frame, board, said);
    draw_notes(frame, board, notes);
    draw_help(frame, help);
}

fn draw_head(frame: &mut Frame<'_>, board: &Board, area: Rect) {
    let settings = board.settings.as_ref().unwrap_or(&board.wanted);
    let mut left = vec![Span::styled(" telemetry", STRONG)];
    if settings.paused {
        left.push(Span::styled("  paused", STRONG.fg(Color::Magenta)));
    } else {
        left.push(Span::raw(format!("  a reading every {:?}", settings.interval())));
    }
    frame.render_widget(Line::from(left), area);
    frame.render_widget(Line::raw(clock(board.now) + " ").alignment(Alignment::Right), area);
}

fn draw_panels(frame: &mut Frame<'_>, board: &Board, area: Rect, columns: usize) {
    let rows = Layout::vertical(vec![Constraint::Fill(1); 4 / columns]).split(area);
    let places = rows
        .iter()
        .flat_map(|row| Layout::horizontal(vec![Constraint::Fill(1); columns]).split(*row).to_vec());
    for (measure, place) in Measure::ALL.into_iter().zip(places) {
        frame.render_widget(Panel { board, measure }, place);
    }
}

fn draw_readers(frame: &mut Frame<'_>, board: &Board, area: Rect) {
    let number = |n: u64| Cell::from(Line::raw(n.to_string()).alignment(Alignment::Right));
    let header = ["taken", "behind", "missed", "told of"].map(|word| Cell::from(Line::raw(word).alignment(Alignment::Right)));
    let rows = board.readers.iter().zip(board.told).zip(SPEEDS).map(|(((name, counts), told), speed)| {
        let style = if counts.lost > 0 { STRONG.fg(Color::Magenta) } else { Style::new() };
        let counts = [counts.taken, counts.queued, counts.lost, told].map(number);
        let words = [Cell::from(format!(" {name}")), Cell::from(speed)];
        Row::new(words.into_iter().chain(counts)).style(style)
    });
    let numbers = [Constraint::Length(7); 4];
    let widths = [Constraint::Length(9), Constraint::Fill(1)].into_iter().chain(numbers);
    let header = [Cell::from(" readers"), Cell::from("")].into_iter().chain(header);
    frame.render_widget(Table::new(rows, widths).header(Row::new(header).style(STRONG)), area);
}

fn draw_busiest(frame: &mut Frame<'_>, board: &Board, area: Rect) {
    let mut line = vec![Span::styled(" blame     ", STRONG)];
    for (i, busy) in board.busiest.iter().enumerate() {
        let between = if i == 0 { "" } else { ", " };
        let memory = bytes(busy.memory as f64);
        line.push(Span::raw(format!("{between}{} {:.0} % {memory}", busy.name, busy.cpu)));
    }
    frame.render_widget(Line::from(line), area);
}

fn draw_said(frame: &mut Frame<'_>, board: &Board, area: Rect) {
    let [name, words] = Layout::horizontal([Constraint::Length(11), Constraint::Fill(1)]).areas(area);
    frame.render_widget(Line::styled(" narrate", STRONG), name);
    if let Some((age, said)) = &board.said {
        let text = format!("{:.1} s ago: {said}", age.as_secs_f64());
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), words);
    }
}

fn draw_notes(frame: &mut Frame<'_>, board: &Board, area: Rect) {
    let shown = board.notes.len().saturating_sub(area.height.into());
    let lines = board.notes.iter().skip(shown).map(|note| {
        let style = match note.tone {
            Tone::Calm => Style::new(),
            Tone::Lag => Style::new().fg(Color::Magenta),
            Tone::Alert => STRONG.fg(Color::Red),
        };
        Line::from(vec![Span::styled(format!(" {:>8}  ", clock(note.at)), FAINT), Span::styled(note.text.as_str(), style)])
    });
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), area);
}

fn draw_help(frame: &mut Frame<'_>, area: Rect) {
    let words = HELP.into_iter().flat_map(|(key, does)| [Span::styled(format!(" {key}"), STRONG), Span::raw(format!(" {does} "))]);
    frame.render_widget(Line::from(words.collect::<Vec<_>>()), area);
}
