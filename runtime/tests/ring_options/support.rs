//! What the tests of rings share.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Duration;

use forebay::prelude::*;

/// The runtimes that a pipeline may be on.
#[derive(Debug, Clone, Copy)]
pub enum On {
    One,
    Two,
    Threads,
}

/// Runs a scenario on each runtime.
pub fn everywhere<F: Future<Output = ()>>(scenario: impl FnOnce(On) -> F + Send + Copy + 'static) {
    for on in [On::One, On::Two, On::Threads] {
        let mut builder = match on {
            On::Two => ::tokio::runtime::Builder::new_multi_thread(),
            _ => ::tokio::runtime::Builder::new_current_thread(),
        };
        builder.worker_threads(2);
        run(builder, &format!("on {on:?}"), move || scenario(on));
    }
}

/// Runs a scenario on one thread, with a clock that goes on when nothing runs.
pub fn paused<F: Future<Output = ()>>(scenario: impl FnOnce() -> F + Send + 'static) {
    let mut builder = ::tokio::runtime::Builder::new_current_thread();
    builder.start_paused(true);
    run(builder, "with a paused clock", scenario);
}

fn run<F: Future<Output = ()>>(mut builder: ::tokio::runtime::Builder, how: &str, scenario: impl FnOnce() -> F + Send + 'static) {
    let (ended, end) = mpsc::channel();
    let test = thread::spawn(move || {
        builder.enable_all().build().unwrap().block_on(scenario());
        let _ = ended.send(());
    });
    // Nothing here takes that long.
    match end.recv_timeout(Duration::from_secs(20)) {
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("it hangs {how}"),
        _ => test.join().unwrap_or_else(|panic| {
            eprintln!("{how}");
            std::panic::resume_unwind(panic)
        }),
    }
}

/// Starts a pipeline as the scenario says.
macro_rules! start {
    ($on:expr, $builder:expr) => {
        match $on {
            crate::support::On::Threads => $builder.start_threads().unwrap(),
            _ => $builder.start().unwrap(),
        }
    };
}
pub(crate) use start;

#[derive(Priority, Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    Now,
    Soon,
    Sometime,
}
pub use Urgency::*;

#[record]
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    #[key]
    pub user: u64,
    #[priority]
    pub urgency: Urgency,
    pub n: u64,
}

pub fn job(urgency: Urgency, n: u64) -> Job {
    Job { user: n % 7, urgency, n }
}

/// Lets stages go on, and knows what they have seen.
#[derive(Debug, Default)]
pub struct Gate {
    open: AtomicBool,
    seen: Mutex<Vec<u64>>,
}

impl Gate {
    pub fn open(&self) {
        self.open.store(true, SeqCst);
    }
    pub fn is_open(&self) -> bool {
        self.open.load(SeqCst)
    }
    pub fn seen(&self) -> Vec<u64> {
        self.seen.lock().unwrap().clone()
    }
}

/// Notes what comes, and waits until the gate is open.
#[stage(runtime = none)]
pub async fn gated(job: Job, gate: &Gate) -> Job {
    gate.seen.lock().unwrap().push(job.n);
    while !gate.is_open() {
        yields().await;
    }
    job
}

#[stage]
pub fn same(job: Job) -> Job {
    job
}

/// The number of what was shed, and why.
#[stage]
pub fn told(shed: Shed<Job>) -> (u64, Reason) {
    (shed.record.n, shed.reason)
}

pub async fn yields() {
    let mut first = true;
    std::future::poll_fn(|cx| {
        if std::mem::take(&mut first) {
            cx.waker().wake_by_ref();
            return std::task::Poll::Pending;
        }
        std::task::Poll::Ready(())
    })
    .await;
}

pub async fn until(mut done: impl FnMut() -> bool) {
    while !done() {
        ::tokio::time::sleep(Duration::from_micros(200)).await;
    }
}
