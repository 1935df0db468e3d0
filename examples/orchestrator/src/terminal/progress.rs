//! The progress of indexing.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over the pages; silent where nobody watches.
pub struct Progress {
    bar: ProgressBar,
    skipped: AtomicU64,
}

impl Progress {
    /// A bar on standard error.
    pub fn on_screen() -> Progress {
        Progress::to(ProgressDrawTarget::stderr_with_hz(8))
    }

    /// No bar.
    pub fn silent() -> Progress {
        Progress::to(ProgressDrawTarget::hidden())
    }

    fn to(target: ProgressDrawTarget) -> Progress {
        let bar = ProgressBar::with_draw_target(None, target);
        let style =
            ProgressStyle::with_template("{spinner} {msg} {wide_bar:.cyan/dim} {human_pos}/{human_len} pages, {eta} left");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).progress_chars("━╸─"));
        bar.set_message("Indexing");
        bar.enable_steady_tick(Duration::from_millis(125));
        Progress {
            bar,
            skipped: AtomicU64::new(0),
        }
    }

    /// So many pages are to be read.
    pub fn expect(&self, pages: usize) {
        self.bar.set_length(pages as u64);
    }

    /// A page was read.
    pub fn page(&self) {
        self.bar.inc(1);
    }

    /// A page could not be read.
    pub fn skip(&self, why: &str) {
        self.skipped.fetch_add(1, Ordering::Relaxed);
        self.bar.suspend(|| anstream::eprintln!("skipped: {why}"));
    }

    /// Entries of the folder could not be read.
    pub fn skip_unreadable(&self, entries: usize) {
        self.skipped.fetch_add(entries as u64, Ordering::Relaxed);
    }

    /// How much was skipped.
    pub fn skipped(&self) -> u64 {
        self.skipped.load(Ordering::Relaxed)
    }

    /// Takes the bar away.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
