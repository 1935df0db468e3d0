//! How a model is explored, and its twins.

use core::any::type_name;
use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::process::{Command, Output};
use std::sync::Arc;

use super::super::sync::{TAKEN, TWIN, Twin};

/// Tells a process which twin it is; empty: none, and it says which steps it took.
const BREAK: &str = "FOREBAY_BREAK";
/// What is printed before such a step.
pub(super) const STEP: &str = "STEP ";
/// What is printed then before the number of runs.
pub(super) const RUNS: &str = "RUNS ";

/// Explores `model` with so many preemptions, which must hold, in at least `floor` runs; then its twins, which must not: each is
/// written as [`Twin::parse`] says.
///
/// `FOREBAY_PREEMPTIONS` adds to the bound of preemptions, for a run over night.
/// `model` is a closure of the test itself. A twin is that test again, in a process of its own: a model that fails takes its
/// process down.
pub(crate) fn holds<M: Fn() + Send + Sync + 'static>(preemptions: usize, floor: usize, twins: &[&str], model: M) {
    let broken = std::env::var(BREAK).ok();
    if let Some(twin) = broken.as_deref().filter(|twin| !twin.is_empty()) {
        assert!(TWIN.set(Twin::parse(twin)).is_ok(), "one model a process");
    }
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = runs.clone();
    let mut builder = loom::model::Builder::new();
    let more = std::env::var("FOREBAY_PREEMPTIONS").map_or(0, |more| more.parse().expect("a number"));
    builder.preemption_bound = Some(preemptions + more);
    builder.check(move || {
        counted.fetch_add(1, SeqCst);
        model();
    });
    if broken.is_some() {
        for (step, file, line) in &*TAKEN.lock().unwrap() {
            println!("{STEP}{step} {file}:{line}");
        }
        println!("{RUNS}{}", runs.load(SeqCst));
        return;
    }
    let runs = runs.load(SeqCst);
    assert!(runs >= floor, "only {runs} runs");
    let test = test_of::<M>();
    assert!(!twins.is_empty(), "a model without a twin proves nothing");
    for twin in twins {
        assert!(
            !run(test, twin).status.success(),
            "the model does not see that `{twin}` is broken"
        );
    }
    println!("PROOF loom | {test} | {runs} runs | {} twins failed", twins.len());
}

/// Runs one test of this program alone, as the twin.
pub(super) fn run(test: &str, twin: &str) -> Output {
    let mut program = Command::new(std::env::current_exe().unwrap());
    let output = program
        .args([test, "--exact", "--show-output"])
        .env(BREAK, twin)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("running 1 test\n"), "`{test}` is not the name of a test");
    output
}

/// The name of the test whose closure `M` is: its path, less the crate and the closure.
fn test_of<M>() -> &'static str {
    let name = type_name::<M>();
    let name = name.split_once("::").map_or(name, |(_crate, rest)| rest);
    name.strip_suffix("::{{closure}}").unwrap_or(name)
}
