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

/// Draws what the board knows, as far as there is room.
pub(super) fn draw(frame: &mut Frame<'_>, board: &Board) {
    let parts = Parts::of(frame.area());
    let heights = [1, parts.panels, parts.readers, parts.words, parts.notes, 1].map(Constraint::Length);
    let [head, panels, readers, words, notes, help] = Layout::vertical(heights).areas(frame.area());
    draw_head(frame, board, head);
    draw_panels(frame, board, panels, parts.columns);
    draw_readers(frame, board, readers);
    draw_words(frame, board, words);
    draw_notes(frame, board, notes);
    draw_help(frame, help);
}

/// How high each part is between the first line and the last; none, if there is no room for all of it.
struct Parts {
    columns: u16,
    panels: u16,
    readers: u16,
    words: u16,
    notes: u16,
}

impl Parts {
    /// The most needed come first.
    fn of(area: Rect) -> Parts {
        let mut left = area.height.saturating_sub(2);
        let mut take = |height: u16| {
            let taken = if height <= left { height } else { 0 };
            left -= taken;
            taken
        };
        // Panels grow with the terminal, up to a point; the notes take the rest.
        let (columns, panel) = if area.width < TWO_COLUMNS {
            (1, 4 + area.height.saturating_sub(30).div_ceil(8).min(3))
        } else {
            (2, 5 + (area.height.saturating_sub(24) / 4).min(3))
        };
        let rows = 4 / columns;
        let heights = [rows * panel, rows * 4, rows * 3];
        let panels = heights.into_iter().map(&mut take).find(|height| *height > 0).unwrap_or(0);
        let (readers, words) = (take(4), take(4));
        Parts {
            columns,
            panels,
            readers,
            words,
            notes: left,
        }
    }
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

fn draw_panels(frame: &mut Frame<'_>, board: &Board, area: Rect, columns: u16) {
    let columns = usize::from(columns);
    let rows = Layout::vertical(vec![Constraint::Fill(1); 4 / columns]).split(area);
    let places = rows
        .iter()
        .flat_map(|row| Layout::horizontal(vec![Constraint::Fill(1); columns]).split(*row).to_vec());
    for (measure, place) in Measure::ALL.into_iter().zip(places) {
        frame.render_widget(Panel { board, measure }, place);
    }
}

fn draw_readers(frame: &mut Frame<'_>, board: &Board, area: Rect) {
    let right = |text: String| Cell::from(Line::raw(text).alignment(Alignment::Right));
    // What a reader does is said where there is room for it.
    let speed = if area.width < TWO_COLUMNS { 0 } else { 30 };
    let rows = board.readers.iter().zip(board.told).zip(SPEEDS);
    let rows = rows.map(|(((name, counts), told), speed)| {
        let behind = counts.lost > 0;
        let style = if behind { STRONG.fg(Color::Magenta) } else { Style::new() };
        let counts = [counts.taken, counts.queued, counts.lost, told].map(|n| right(n.to_string()));
        let words = [Cell::from(format!(" {name}")), Cell::from(speed)];
        Row::new(words.into_iter().chain(counts)).style(style)
    });
    let numbers = ["taken", "behind", "missed", "told"].map(|word| right(word.to_owned()));
    let header = [Cell::from(" readers"), Cell::from("")].into_iter().chain(numbers);
    let widths = [Constraint::Length(10), Constraint::Max(speed)]
        .into_iter()
        .chain([Constraint::Length(6); 4]);
    frame.render_widget(Table::new(rows, widths).header(Row::new(header).style(STRONG)), area);
}

/// A line is left free, one says who is busy, two are for the narrator.
fn draw_words(frame: &mut Frame<'_>, board: &Board, area: Rect) {
    let [_, blame, narrate] = Layout::vertical([1, 1, 2].map(Constraint::Length)).areas(area);
    let busiest = board.busiest.iter().map(|busy| {
        let memory = bytes(busy.memory as f64);
        format!("{} {:.0} % {memory}", busy.name, busy.cpu)
    });
    let said = board
        .said
        .iter()
        .map(|(late, said)| format!("{:.1} s late: {said}", late.as_secs_f64()));
    for (area, name, text) in [
        (blame, " blame", busiest.collect::<Vec<_>>().join(", ")),
        (narrate, " narrate", said.collect()),
    ] {
        let [left, right] = Layout::horizontal([Constraint::Length(11), Constraint::Fill(1)]).areas(area);
        frame.render_widget(Line::styled(name, STRONG), left);
        frame.render_widget(Paragraph::new(text).wrap(Wrap { trim: true }), right);
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
        Line::from(vec![
            Span::styled(format!(" {:>8}  ", clock(note.at)), FAINT),
            Span::styled(note.text.as_str(), style),
        ])
    });
    frame.render_widget(Paragraph::new(lines.collect::<Vec<_>>()), area);
}

fn draw_help(frame: &mut Frame<'_>, area: Rect) {
    let words = HELP
        .into_iter()
        .flat_map(|(key, does)| [Span::styled(format!(" {key}"), STRONG), Span::raw(format!(" {does} "))]);
    frame.render_widget(Line::from(words.collect::<Vec<_>>()), area);
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use forebay::pipeline::ledger::RingLedger;
    use ratatui::{Terminal, backend::TestBackend};

    use super::*;
    use crate::{
        records::{Alert, Busy, Event, Fill, Reading},
        settings::Settings,
    };

    fn busy_board() -> Board {
        let mut board = Board::new(Settings::default());
        board.take(Event::InForce(Settings::default()));
        for cpu in [20.0, 95.0] {
            let reading = Reading {
                at: SystemTime::now(),
                cpu,
                cores: [10.0, 95.0].into(),
                memory: Fill {
                    used: 3 << 30,
                    total: 4 << 30,
                },
                disk: Fill { used: 1, total: 2 },
                read: 2048.0,
                written: 0.0,
                received: 1e6,
                sent: 512.0,
            };
            let alert = Alert {
                measure: Measure::Cpu,
                level: cpu,
                limit: 80.0,
            };
            let alerts = if cpu > 80.0 { vec![alert] } else { vec![] };
            board.take(Event::Judged { reading, alerts });
        }
        let name = "rustc".to_owned();
        board.take(Event::Busiest(vec![Busy {
            name,
            cpu: 97.0,
            memory: 1 << 20,
        }]));
        let words = "The processor works hard.".to_owned();
        board.take(Event::Said {
            at: SystemTime::now(),
            words,
        });
        board.now = Duration::from_secs(61);
        board.take(Event::Missed {
            reader: "narrate",
            missed: 7,
        });
        board.readers[2].1 = RingLedger {
            taken: 4,
            queued: 16,
            lost: 9,
            ..RingLedger::default()
        };
        board
    }

    /// Runs of blanks are one blank.
    fn drawn(board: &Board, width: u16, height: u16) -> String {
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| draw(frame, board)).unwrap();
        let picture = terminal.backend().to_string();
        picture
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ") + "\n")
            .collect()
    }

    #[test]
    fn a_usual_terminal_has_room_for_everything() {
        let picture = drawn(&busy_board(), 80, 24);
        for text in [
            "a reading every 250ms",
            "1:01",
            "CPU 95 % too much",
            "limit 80 %",
            "2 cores ▂█",
            "3.0 GiB of 4.0 GiB",
            "read 2.0 KiB/s, written 0 B/s",
            "Network 977 KiB/s",
            "narrate in words, in seconds 4 16 9 7",
            "blame rustc 97 % 1.0 MiB",
            "0.0 s late: The processor works hard.",
            "0:00 CPU is at 95 %, over its limit of 80 %",
            "1:01 narrate was too slow, and missed 7 readings",
            "q quit",
        ] {
            assert!(picture.contains(text), "{text:?} is not in\n{picture}");
        }
    }

    #[test]
    fn every_size_can_be_drawn_and_a_small_one_shows_the_levels_first() {
        let (empty, busy) = (Board::new(Settings::default()), busy_board());
        for (width, height) in (1..90)
            .step_by(8)
            .flat_map(|width| (1..50).step_by(4).map(move |height| (width, height)))
        {
            drawn(&empty, width, height);
            drawn(&busy, width, height);
        }
        let small = drawn(&busy, 40, 14);
        assert!(small.contains("Memory 75 %") && small.contains("q quit"), "{small}");
        let narrow = drawn(&busy, 40, 30);
        assert!(narrow.contains("narrate 4 16 9 7"), "{narrow}");
    }
}
