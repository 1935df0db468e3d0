//! What the keys do.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::settings::{Measure, Settings};

/// What a key asks for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Act {
    /// The end.
    Quit,
    /// The measure so many places on, whose limit the keys change.
    Choose(isize),
    /// Other settings.
    Want(fn(&mut Settings, Measure)),
}

/// The keys, and what they do, for the last line of the screen; the most needed first.
pub(super) const HELP: [(&str, &str); 5] = [
    ("q", "quit"),
    ("space", "pause"),
    ("+ -", "interval"),
    ("↑ ↓", "choose"),
    ("← →", "its limit"),
];

/// What a key asks for, if anything.
pub(super) fn act(key: KeyEvent) -> Option<Act> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    let act = match key.code {
        KeyCode::Char('c') if key.modifiers.contains(KeyModifiers::CONTROL) => Act::Quit,
        KeyCode::Char('q') | KeyCode::Esc => Act::Quit,
        KeyCode::Char(' ' | 'p') => Act::Want(|settings, _| settings.paused = !settings.paused),
        KeyCode::Char('+' | '=') => Act::Want(|settings, _| settings.step_interval(true)),
        KeyCode::Char('-' | '_') => Act::Want(|settings, _| settings.step_interval(false)),
        KeyCode::Up | KeyCode::BackTab => Act::Choose(-1),
        KeyCode::Down | KeyCode::Tab => Act::Choose(1),
        KeyCode::Left => Act::Want(|settings, measure| move_limit(settings, measure, -5.0)),
        KeyCode::Right => Act::Want(|settings, measure| move_limit(settings, measure, 5.0)),
        _ => return None,
    };
    Some(act)
}

fn move_limit(settings: &mut Settings, measure: Measure, by: f64) {
    settings.set_limit(measure, settings.limit(measure) + by);
    *settings = settings.clone().within_reason();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(code: KeyCode, settings: &mut Settings, measure: Measure) {
        match act(KeyEvent::from(code)) {
            Some(Act::Want(change)) => change(settings, measure),
            other => panic!("{code:?}: {other:?}"),
        }
    }

    #[test]
    fn the_arrows_move_the_limit_of_what_is_chosen_and_stop_at_the_ends() {
        let mut settings = Settings::default();
        for _ in 0..30 {
            press(KeyCode::Right, &mut settings, Measure::Memory);
            press(KeyCode::Left, &mut settings, Measure::Disk);
        }
        assert_eq!(settings.limits, [80.0, 100.0, 0.0, 50.0]);
    }

    #[test]
    fn space_pauses_and_goes_on() {
        let mut settings = Settings::default();
        press(KeyCode::Char(' '), &mut settings, Measure::Cpu);
        assert!(settings.paused);
        press(KeyCode::Char(' '), &mut settings, Measure::Cpu);
        assert!(!settings.paused);
    }

    #[test]
    fn control_c_quits_and_c_alone_does_nothing() {
        let c = KeyCode::Char('c');
        assert!(matches!(act(KeyEvent::new(c, KeyModifiers::CONTROL)), Some(Act::Quit)));
        assert!(act(KeyEvent::from(c)).is_none());
    }
}
