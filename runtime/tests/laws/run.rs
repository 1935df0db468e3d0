//! Where scenarios run, and what watches them.

use std::future::Future;
use std::sync::Arc;
use std::sync::Once;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use forebay::prelude::*;

use crate::oracle::Oracle;
use crate::stages::Id;

/// On what a scenario runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// tokio, on one thread.
    One,
    /// tokio, on two threads.
    Two,
    /// A thread a segment.
    Threads,
}

/// Starts a pipeline on what the scenario runs on.
macro_rules! start {
    ($on:expr, $builder:expr) => {
        match $on {
            crate::run::On::Threads => $builder.start_threads().unwrap(),
            _ => $builder.start().unwrap(),
        }
    };
}
pub(crate) use start;

/// Nothing here takes that long. A timeout only ever means that something hangs.
const LONG: Duration = Duration::from_secs(15);

/// Runs a scenario on one runtime, and says so if it hangs.
pub fn on<F: Future<Output = ()>>(on: On, scenario: impl FnOnce(On) -> F + Send + 'static) {
    let mut builder = match on {
        On::Two => tokio::runtime::Builder::new_multi_thread(),
        _ => tokio::runtime::Builder::new_current_thread(),
    };
    builder.worker_threads(2);
    run(builder, &format!("on {on:?}"), move || scenario(on));
}

/// Runs a scenario on one thread of tokio with a clock that goes on when nothing runs.
pub fn paused<F: Future<Output = ()>>(scenario: impl FnOnce() -> F + Send + 'static) {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.start_paused(true);
    run(builder, "with a paused clock", scenario);
}

fn run<F: Future<Output = ()>>(mut builder: tokio::runtime::Builder, how: &str, scenario: impl FnOnce() -> F + Send + 'static) {
    quiet();
    let (ended, end) = mpsc::channel();
    let test = thread::spawn(move || {
        let runtime = builder.enable_all().build().unwrap();
        runtime.block_on(scenario());
        let _ = ended.send(());
    });
    match end.recv_timeout(LONG) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("it hangs {how}"),
        _ => test.join().unwrap_or_else(|panic| {
            eprintln!("{how}");
            std::panic::resume_unwind(panic)
        }),
    }
}

/// Runs a scenario on one thread and on two.
pub fn tokio<F: Future<Output = ()>>(scenario: impl FnOnce(On) -> F + Send + Copy + 'static) {
    on(On::One, scenario);
    on(On::Two, scenario);
}

/// Runs a scenario on tokio, and on threads.
pub fn everywhere<F: Future<Output = ()>>(scenario: impl FnOnce(On) -> F + Send + Copy + 'static) {
    tokio(scenario);
    on(On::Threads, scenario);
}

/// Panics that are meant are not shown.
fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let shown = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            let text = info.payload().downcast_ref::<&str>();
            if text.is_none_or(|text| !text.starts_with("tripped")) {
                shown(info);
            }
        }));
    });
}

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

/// Reads an output to its end.
pub fn read<T: Id + Send + 'static, const N: usize>(
    mut output: AsyncStream<T, N>,
    name: &'static str,
    oracle: &Arc<Oracle>,
) -> tokio::task::JoinHandle<()> {
    let oracle = oracle.clone();
    tokio::spawn(async move {
        while let Some(x) = output.recv().await {
            oracle.end(name, x.id());
        }
    })
}

/// Sends until all are sent or the input is closed; how many were accepted.
pub async fn feed<const N: usize>(
    input: Input<crate::stages::Rec, N>,
    records: Vec<crate::stages::Rec>,
    oracle: Arc<Oracle>,
) -> u64 {
    let mut accepted = 0;
    for record in records {
        let id = record.id;
        match input.send(record).await {
            Ok(()) | Err(SendError::Shed) => {
                oracle.accepted(id);
                accepted += 1;
            }
            Err(SendError::Full(_) | SendError::Refused(..)) => {}
            Err(SendError::Closed(_)) => break,
        }
    }
    accepted
}
