//! Threads that do not share a core.

/// From here on this thread runs on the core `nth` of those that the process may use; where there are fewer, or the system cannot
/// say, wherever it is put.
///
/// A thread that starts another gives it its core: both are to ask.
pub(crate) fn keep_to(nth: usize) {
    #[cfg(target_os = "linux")]
    let _ = linux::keep_to(nth);
    #[cfg(not(target_os = "linux"))]
    let _ = nth;
}

#[cfg(target_os = "linux")]
mod linux {
    use nix::Result;
    use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
    use nix::unistd::{Pid, getpid};

    pub(super) fn keep_to(nth: usize) -> Result<()> {
        // Those of the first thread, which keeps to none.
        let may = sched_getaffinity(getpid())?;
        let Some(core) = (0..CpuSet::count()).filter(|core| may.is_set(*core) == Ok(true)).nth(nth) else {
            return Ok(());
        };
        let mut set = CpuSet::new();
        set.set(core)?;
        // Zero: the calling thread.
        sched_setaffinity(Pid::from_raw(0), &set)
    }
}
