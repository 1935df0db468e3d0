//! The tokio runtime around the caller.

use std::fmt;
use std::future::Future;
use std::io;
use std::time::Instant;

use tokio::runtime::Handle;
use tokio::time::Sleep;

use super::{Rt, block_on, thread};

/// The tokio runtime that was around the call of [`TokioRt::ambient`].
#[derive(Debug, Clone)]
pub struct TokioRt {
    handle: Handle,
}

impl TokioRt {
    /// The runtime around this call.
    pub fn ambient() -> Result<TokioRt, NoRuntime> {
        Handle::try_current().map(TokioRt::from).map_err(|_| NoRuntime)
    }
}

impl From<Handle> for TokioRt {
    fn from(handle: Handle) -> Self {
        TokioRt { handle }
    }
}

impl Rt for TokioRt {
    type Sleep = Sleep;

    fn spawn(&self, _name: &str, task: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        self.handle.spawn(task);
        Ok(())
    }

    fn joins(&self) -> bool {
        self.handle.metrics().num_workers() == 1
    }

    /// The thread is the task's own, not one of tokio's pool: it may block for as long as it likes, and a runtime that ends does
    /// not wait for it. Timers and I/O are still those of the runtime.
    fn spawn_blocking(&self, name: &str, task: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let handle = self.handle.clone();
        thread::spawn_thread(name, move || {
            let _inside = handle.enter();
            block_on(task);
        })
    }

    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn sleep_until(&self, at: Instant) -> Sleep {
        // Who sends from a thread of their own has no runtime around them.
        let _inside = self.handle.enter();
        tokio::time::sleep_until(at.into())
    }
}

/// There is no tokio runtime around the caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoRuntime;

impl fmt::Display for NoRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "there is no tokio runtime here: call `start()` inside one (`#[tokio::main]`, or `runtime.enter()`), \
             or call `start_threads()`, which needs none",
        )
    }
}

impl std::error::Error for NoRuntime {}
