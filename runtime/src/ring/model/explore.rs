//! How a model is explored, and its twins.

use core::any::type_name;
use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::process::Command;
use std::sync::Arc;

use super::super::sync::{NO_HANDSHAKE, WEAK_PUBLISH};

/// What a twin breaks.
const BREAK: &str = "FOREBAY_BREAK";
pub(super) const PUBLISH: &str = "the order of the publishing store";
pub(super) const HANDSHAKE: &str = "the fences of the handshake";

/// Explores `model` with so many preemptions, which must hold, in at least `floor` runs; then its twins, which must not.
///
/// `model` is a closure of the test itself. A twin is that test again, in a process of its own: a model that fails takes its
/// process down.
pub(super) fn holds<M: Fn() + Send + Sync + 'static>(preemptions: usize, floor: usize, twins: &[&str], model: M) {
    let broken = std::env::var(BREAK).ok();
    WEAK_PUBLISH.store(broken.as_deref() == Some(PUBLISH), SeqCst);
    NO_HANDSHAKE.store(broken.as_deref() == Some(HANDSHAKE), SeqCst);
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = runs.clone();
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(preemptions);
    builder.check(move || {
        counted.fetch_add(1, SeqCst);
        model();
    });
    if broken.is_some() {
        return;
    }
    let runs = runs.load(SeqCst);
    assert!(runs >= floor, "only {runs} runs");
    let test = test_of::<M>();
    for twin in twins {
        let exe = std::env::current_exe().unwrap();
        let output = Command::new(exe).args([test, "--exact"]).env(BREAK, twin).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("running 1 test\n"), "{test} is not the name of this test");
        assert!(!output.status.success(), "the model does not see that {twin} is broken");
    }
    println!("PROOF loom | {test} | {runs} runs | {} twins failed", twins.len());
}

/// The name of the test whose closure `M` is: its path, less the crate and the closure.
fn test_of<M>() -> &'static str {
    let name = type_name::<M>();
    let name = name.split_once("::").map_or(name, |(_crate, rest)| rest);
    name.strip_suffix("::{{closure}}").unwrap_or(name)
}
