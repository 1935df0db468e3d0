//! The start of a pipeline, once everything is built.

use std::sync::{Arc, Weak, mpsc};
use std::time::Duration;

use crate::error::StartError;
use crate::fault::Alarms;
use crate::pipeline::build::Assembly;
use crate::pipeline::control::Control;
use crate::pipeline::ledger::Ledger;
use crate::pipeline::life::{Keeper, Lifeline};
use crate::pipeline::registry::Registry;
use crate::pipeline::topology::Topology;
use crate::rt::{Joined, MEMBERS, Member, Rt, cores};
use crate::{AsyncTask, Completion};

/// What a user wants to be told at the end.
pub type OnEnd<L> = Box<dyn FnOnce(&L) + Send>;

/// Starts the tasks of a pipeline one by one, and gives its control.
pub struct Launch<R: Rt, L: Ledger + 'static> {
    rt: R,
    lifeline: Arc<Lifeline>,
    registry: Arc<Registry>,
    keeper: Arc<Keeper>,
    end: Completion<L>,
    tasks: usize,
    /// Tasks that will run as one.
    group: Vec<Member>,
}

impl<R: Rt, L: Ledger + 'static> Launch<R, L> {
    /// Everything is built: readers are attached, and nothing runs yet.
    pub fn new(build: Assembly, rt: R, on_end: Option<OnEnd<L>>) -> Self {
        let lifeline = build.lifeline();
        #[cfg(feature = "testing")]
        lifeline.kit.starts(&rt);
        let (registry, end) = (build.registry(), Completion::new());
        let (read, told) = (registry.clone(), end.clone());
        lifeline.on_end(Box::new(move || {
            if let Some(on_end) = on_end {
                // A user's callback that panics must not keep those who wait from the end.
                let _ = crate::edge::guard(|| on_end(&L::from_snapshot(read.snapshot())));
            }
            // Read when it is looked at: what an output still held may have been taken since.
            told.complete_with(move || L::from_snapshot(read.snapshot()));
        }));
        let runs = rt.clone();
        let keeper = Arc::new(Keeper {
            lifeline: lifeline.clone(),
            spawn: Box::new(move |task| runs.spawn("join", task)),
        });
        Launch {
            rt,
            lifeline,
            registry,
            keeper,
            end,
            tasks: 0,
            group: Vec::new(),
        }
    }

    /// Held by every port.
    pub fn keeper(&self) -> Arc<Keeper> {
        self.keeper.clone()
    }

    /// For what waits outside.
    pub fn alarms(&self) -> Alarms {
        Alarms::new(&self.rt)
    }

    /// Starts the next task.
    pub fn spawn(&mut self, name: &str, task: impl Future<Output = ()> + Send + 'static) -> Result<(), StartError> {
        let task = self.next(task);
        if self.rt.joins() {
            self.group.push(Box::pin(task));
            return if self.group.len() == MEMBERS {
                self.spawn_group()
            } else {
                Ok(())
            };
        }
        Ok(self.rt.spawn(name, task)?)
    }

    /// Starts the next task, on a thread of its own.
    pub fn spawn_blocking(&mut self, name: &str, task: impl Future<Output = ()> + Send + 'static) -> Result<(), StartError> {
        let task = self.next(task);
        Ok(self.rt.spawn_blocking(name, task)?)
    }

    /// Starts the next task, on a thread of its own that keeps to the next core, where there are threads.
    pub fn spawn_pinned(&mut self, name: &str, task: impl Future<Output = ()> + Send + 'static) -> Result<(), StartError> {
        if !self.rt.has_threads() {
            return self.spawn_blocking(name, task);
        }
        let (core, (tells, told)) = (cores::next()?, mpsc::sync_channel(1));
        let task = self.next(task);
        // The thread runs nothing but this.
        let pinned = async move {
            let _ = tells.send(cores::keep_to(core));
            task.await;
        };
        self.rt.spawn_blocking(name, pinned)?;
        // Nothing is told by a task that was dropped: then the pipeline ends with it.
        Ok(told.recv().unwrap_or(Ok(()))?)
    }

    fn spawn_group(&mut self) -> Result<(), StartError> {
        match <[Member; 1]>::try_from(core::mem::take(&mut self.group)) {
            // Who is alone needs nobody to say whose turn it is.
            Ok([alone]) => Ok(self.rt.spawn("segment", alone)?),
            Err(group) => Ok(self.rt.spawn("segments", Joined::new(group))?),
        }
    }

    fn next<F: Future<Output = ()>>(&mut self, task: F) -> crate::pipeline::life::Watched<F> {
        self.tasks += 1;
        self.lifeline.clone().watch(self.tasks - 1, task)
    }

    /// All tasks run.
    pub fn control(mut self, topology: &'static Topology, drain: Option<Duration>) -> Result<Control<L>, StartError> {
        if !self.group.is_empty() {
            self.spawn_group()?;
        }
        let Launch {
            rt,
            lifeline,
            registry,
            keeper,
            end,
            ..
        } = self;
        if let Some(limit) = drain {
            let (weak, ended) = (Arc::downgrade(&lifeline), end.wait());
            lifeline.on_deadline(Box::new(move || {
                let (at, clock) = (rt.now() + limit, rt.clone());
                // Without a thread for it the drain has no deadline; it still ends when everything is done.
                let _ = rt.spawn("drain", async move { abort_at(clock.sleep_until(at), ended, &weak).await });
            }));
        }
        Ok(Control::new(lifeline, registry, end, topology, keeper))
    }
}

/// Aborts when the time is up, unless the end comes first.
async fn abort_at<L>(sleep: impl Future<Output = ()>, ended: AsyncTask<L>, lifeline: &Weak<Lifeline>) {
    let (mut sleep, mut ended) = (core::pin::pin!(sleep), core::pin::pin!(ended));
    let late = core::future::poll_fn(|cx| {
        if ended.as_mut().poll(cx).is_ready() {
            return core::task::Poll::Ready(false);
        }
        sleep.as_mut().poll(cx).map(|()| true)
    })
    .await;
    if late && let Some(lifeline) = lifeline.upgrade() {
        lifeline.abort();
    }
}
