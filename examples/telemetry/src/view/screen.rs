//! The whole terminal, given back however the program ends.

use std::{
    io::{self, Stdout, stdout},
    panic,
    sync::{Arc, Mutex, PoisonError},
};

use crossterm::{
    cursor::Show,
    execute,
    terminal::{Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode},
};
use ratatui::{Frame, Terminal, backend::CrosstermBackend};

/// Panics while it is open are told when it is closed: a stage may panic without ending anything, and the words would stand in
/// the middle of the picture.
pub(super) struct Screen {
    terminal: Terminal<CrosstermBackend<Stdout>>,
    panics: Arc<Mutex<Vec<String>>>,
}

impl Screen {
    /// Takes the terminal.
    pub(super) fn open() -> io::Result<Screen> {
        let panics = Arc::new(Mutex::new(Vec::new()));
        let terminal = Terminal::new(CrosstermBackend::new(stdout()))?;
        let screen = Screen {
            terminal,
            panics: panics.clone(),
        };
        panic::set_hook(Box::new(move |panic| {
            panics.lock().unwrap_or_else(PoisonError::into_inner).push(panic.to_string());
        }));
        // From here on a drop gives everything back.
        enable_raw_mode()?;
        execute!(stdout(), EnterAlternateScreen)?;
        Ok(screen)
    }

    /// Draws one picture.
    pub(super) fn draw(&mut self, picture: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(picture).map(drop)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        // Cleared, since some terminals keep a part of it that they have grown by. Nothing better can be done if it is gone.
        drop(disable_raw_mode());
        drop(execute!(stdout(), Clear(ClearType::All), LeaveAlternateScreen, Show));
        // A hook cannot be taken away while unwinding.
        if !std::thread::panicking() {
            drop(panic::take_hook());
        }
        for panic in self.panics.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
            eprintln!("{panic}");
        }
    }
}
