//! Where scenarios run.

use std::sync::mpsc;
use std::thread;

use super::quiet::quiet;
use super::wait::LONG;

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
            crate::kit::run::On::Threads => $builder.start_threads().unwrap(),
            _ => $builder.start().unwrap(),
        }
    };
}
pub(crate) use start;

/// Runs a scenario on one runtime, and says so if it hangs.
pub fn on<F: Future<Output = ()>>(on: On, scenario: impl FnOnce(On) -> F + Send + 'static) {
    let mut builder = match on {
        On::Two => ::tokio::runtime::Builder::new_multi_thread(),
        _ => ::tokio::runtime::Builder::new_current_thread(),
    };
    builder.worker_threads(2);
    run(builder, &format!("on {on:?}"), move || scenario(on));
}

/// Runs a scenario on one thread of tokio with a clock that goes on when nothing runs.
pub fn paused<F: Future<Output = ()>>(scenario: impl FnOnce() -> F + Send + 'static) {
    let mut builder = ::tokio::runtime::Builder::new_current_thread();
    builder.start_paused(true);
    run(builder, "with a paused clock", scenario);
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

fn run<F: Future<Output = ()>>(mut builder: ::tokio::runtime::Builder, how: &str, scenario: impl FnOnce() -> F + Send + 'static) {
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
