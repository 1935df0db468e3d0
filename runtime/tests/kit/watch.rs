//! What must hold at any time, while a scenario runs.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use forebay::prelude::*;

/// Checks what must hold at any time, all the time, from a thread of its own.
pub struct Live {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

pub fn watch<L: Ledger + 'static>(control: &Control<L>) -> Live {
    let (control, stop) = (control.clone(), Arc::new(AtomicBool::new(false)));
    let stopped = stop.clone();
    let thread = thread::spawn(move || {
        while !stopped.load(Relaxed) {
            control.ledger().check_live().unwrap();
            thread::sleep(Duration::from_micros(100));
        }
    });
    Live {
        stop,
        thread: Some(thread),
    }
}

impl Live {
    pub fn end(mut self) {
        self.stop.store(true, Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().expect("what must hold at any time");
        }
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.stop.store(true, Relaxed);
    }
}
