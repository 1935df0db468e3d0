//! Threads that keep to a core: `pin: cores`.

use std::io;

/// `pin: cores` does something here.
///
/// # Panics
///
/// Where it would not: at compile time, since it is only asked in constants.
#[track_caller]
pub const fn pins() {
    if !cfg!(feature = "pin") {
        panic!("`pin: cores` needs the feature `pin` of `forebay`: add `features = [\"pin\"]` to the dependency");
    }
    if !cfg!(target_os = "linux") {
        panic!("`pin: cores` is built for Linux: leave it out where the system is another one");
    }
}

/// The core that the next thread keeps to: one after the other of those that the process may use, over all of its pipelines.
#[cfg(all(feature = "pin", target_os = "linux"))]
pub(crate) fn next() -> io::Result<usize> {
    use std::sync::atomic::AtomicUsize;
    use std::sync::atomic::Ordering::Relaxed;

    use nix::sched::{CpuSet, sched_getaffinity};
    use nix::unistd::getpid;

    static THREADS: AtomicUsize = AtomicUsize::new(0);
    // Those of the first thread: the one that starts a pipeline may keep to a core itself.
    let may = sched_getaffinity(getpid())?;
    let cores: Vec<usize> = (0..CpuSet::count()).filter(|core| may.is_set(*core) == Ok(true)).collect();
    let thread = THREADS.fetch_add(1, Relaxed);
    let core = cores.get(thread % cores.len().max(1));
    core.copied()
        .ok_or_else(|| io::Error::other("the system names no core that this process may use"))
}

/// From here on this thread runs on that core alone.
#[cfg(all(feature = "pin", target_os = "linux"))]
pub(crate) fn keep_to(core: usize) -> io::Result<()> {
    use nix::sched::{CpuSet, sched_setaffinity};
    use nix::unistd::Pid;

    let mut set = CpuSet::new();
    set.set(core)?;
    // Zero: the calling thread.
    Ok(sched_setaffinity(Pid::from_raw(0), &set)?)
}

/// What asks for this does not compile without the feature: see [`pins`].
#[cfg(not(all(feature = "pin", target_os = "linux")))]
pub(crate) fn next() -> io::Result<usize> {
    Err(io::ErrorKind::Unsupported.into())
}

/// See [`next`].
#[cfg(not(all(feature = "pin", target_os = "linux")))]
pub(crate) fn keep_to(_core: usize) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}
