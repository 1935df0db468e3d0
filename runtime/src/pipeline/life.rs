//! The life of a running pipeline: who runs, and whether it drains or aborts.

use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::io;
use std::sync::{Arc, PoisonError};

use pin_project_lite::pin_project;

use crate::pipeline::join::Joins;
use crate::ring::rouse;
use crate::ring::sync::Ordering::{AcqRel, Acquire, SeqCst};
use crate::ring::sync::{AtomicBool, AtomicU8, AtomicUsize, Mutex, MutexGuard};

const RUNNING: u8 = 0;
const DRAINING: u8 = 1;
const ABORTED: u8 = 2;

type Hook = Box<dyn Fn() + Send + Sync>;

/// Shared by all segments, ports and handles of one running pipeline.
pub struct Lifeline {
    /// The name of the pipeline.
    pub(crate) name: &'static str,
    /// The pipelines that it is joined to.
    pub(crate) joins: Joins,
    /// What its tests do to it.
    #[cfg(feature = "testing")]
    pub(crate) kit: crate::testing::Kit,
    state: AtomicU8,
    /// Counts changes that every segment must see.
    epoch: AtomicUsize,
    /// The waker of each task. It stays there until the task ends, so that no wake-up takes it from the next.
    segments: Box<[Mutex<Option<Waker>>]>,
    running: AtomicUsize,
    /// Closes the input ports. Off the hot path.
    inputs: Mutex<Vec<Hook>>,
    /// Called once, when it begins to drain, whoever wants it: sets the clock that turns the drain into an abort.
    deadline: Mutex<Option<Box<dyn FnOnce() + Send>>>,
    /// Called once, when the last segment has ended.
    end: Mutex<Option<Box<dyn FnOnce() + Send>>>,
}

impl Lifeline {
    /// Of the pipeline called so, with `segments` tasks.
    pub fn new(name: &'static str, segments: usize) -> Arc<Self> {
        Arc::new(Lifeline {
            name,
            joins: Joins::default(),
            #[cfg(feature = "testing")]
            kit: crate::testing::Kit::default(),
            state: AtomicU8::new(RUNNING),
            epoch: AtomicUsize::new(0),
            segments: (0..segments).map(|_| Mutex::default()).collect(),
            running: AtomicUsize::new(segments),
            inputs: Mutex::default(),
            deadline: Mutex::default(),
            end: Mutex::default(),
        })
    }

    /// What closes an input port.
    pub(crate) fn on_drain(&self, close: Hook) {
        self.inputs.lock().unwrap_or_else(PoisonError::into_inner).push(close);
    }

    /// What sets the clock of a drain.
    pub(crate) fn on_deadline(&self, start: Box<dyn FnOnce() + Send>) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = Some(start);
        if self.draining() {
            // It drains already: a worker was quicker than its pipeline's start.
            self.start_deadline();
        }
    }

    fn start_deadline(&self) {
        let start = self.deadline.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(start) = start {
            start();
        }
    }

    /// What happens when the last segment has ended.
    pub(crate) fn on_end(&self, end: Box<dyn FnOnce() + Send>) {
        *self.end.lock().unwrap_or_else(PoisonError::into_inner) = Some(end);
    }

    /// Closes inputs and sources, at a record boundary; what is under way goes on to its end.
    ///
    /// Pipelines that feed it drain first: it follows when the last of them has ended.
    pub fn drain(&self) {
        self.start_deadline();
        if !self.joins.drain_before() {
            self.stop(DRAINING);
            // Should it have been given only now.
            self.start_deadline();
        }
    }

    /// Ends everything now; what is under way counts as cut.
    pub fn abort(&self) {
        self.stop(ABORTED);
    }

    fn stop(&self, state: u8) {
        if self.state.fetch_max(state, SeqCst) >= state {
            return;
        }
        // Outside the lock: who is woken by it may end the pipeline in his turn.
        let inputs = core::mem::take(&mut *self.inputs.lock().unwrap_or_else(PoisonError::into_inner));
        inputs.iter().for_each(|close| close());
        self.wake();
    }

    /// Lets every segment look again.
    pub(crate) fn wake(&self) {
        self.epoch.fetch_add(1, SeqCst);
        for segment in 0..self.segments.len() {
            // Outside the lock: the woken one may need it at once.
            let waker = self.waker(segment).clone();
            waker.into_iter().for_each(rouse);
        }
    }

    fn waker(&self, segment: usize) -> MutexGuard<'_, Option<Waker>> {
        self.segments[segment].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// It drains, or has been aborted.
    #[inline]
    pub fn draining(&self) -> bool {
        self.state.load(Acquire) != RUNNING
    }

    /// It has been aborted.
    #[inline]
    pub fn aborted(&self) -> bool {
        self.state.load(Acquire) == ABORTED
    }

    /// A segment has ended.
    fn ended(&self) {
        if self.running.fetch_sub(1, AcqRel) == 1 {
            let end = self.end.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(end) = end {
                end();
            }
        }
    }

    /// The task of segment number `segment`: polled again whenever the life of the pipeline takes a turn, and counted when it ends,
    /// be it that its runtime drops it.
    pub fn watch<F: Future<Output = ()>>(self: Arc<Self>, segment: usize, task: F) -> Watched<F> {
        Watched {
            task,
            end: Ending {
                lifeline: self,
                segment,
                registered: None,
            },
        }
    }
}

pin_project! {
    /// The task of a segment.
    #[must_use = "a segment runs when this is spawned"]
    pub struct Watched<F> {
        // First the task goes, and accounts for what it held; then its end is told.
        #[pin]
        task: F,
        end: Ending,
    }
}

struct Ending {
    lifeline: Arc<Lifeline>,
    segment: usize,
    /// The waker that was left there.
    registered: Option<Waker>,
}

impl Drop for Ending {
    fn drop(&mut self) {
        // It keeps the memory of the task.
        let waker = self.lifeline.waker(self.segment).take();
        drop(waker);
        self.lifeline.ended();
    }
}

impl<F: Future<Output = ()>> Future for Watched<F> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.project();
        let Ending {
            lifeline,
            segment,
            registered,
        } = this.end;
        let epoch = lifeline.epoch.load(SeqCst);
        let polled = this.task.poll(cx);
        if polled.is_pending() {
            // A waker stays where it is, so it is left there once.
            if !registered.as_ref().is_some_and(|waker| waker.will_wake(cx.waker())) {
                *registered = Some(cx.waker().clone());
                let earlier = lifeline.waker(*segment).replace(cx.waker().clone());
                drop(earlier);
            }
            if lifeline.epoch.load(SeqCst) != epoch {
                cx.waker().wake_by_ref();
            }
        }
        polled
    }
}

/// A cycle of segments: it cannot end by closing rings, so it counts what is in it, and ends at zero.
///
/// Counted are: records in its rings, records in work, records that a pulled stage holds, and every lane that may still bring
/// records in from elsewhere.
pub struct Component {
    inside: AtomicUsize,
    ended: AtomicBool,
    lifeline: Arc<Lifeline>,
}

impl Component {
    /// A cycle into which `entries` lanes lead.
    pub fn new(entries: usize, lifeline: Arc<Lifeline>) -> Arc<Self> {
        Arc::new(Component {
            inside: AtomicUsize::new(entries),
            ended: AtomicBool::new(false),
            lifeline,
        })
    }

    /// `n` more are in it.
    #[inline]
    pub(crate) fn enter(&self, n: usize) {
        self.inside.fetch_add(n, AcqRel);
    }

    /// `n` less are in it. At zero it has ended: nothing is left that could bring anything in.
    #[inline]
    pub(crate) fn leave(&self, n: usize) {
        if n > 0 && self.inside.fetch_sub(n, AcqRel) == n {
            self.ended.store(true, SeqCst);
            self.lifeline.wake();
        }
    }

    /// It has ended.
    #[inline]
    pub(crate) fn ended(&self) -> bool {
        self.ended.load(SeqCst)
    }
}

/// Held by every port and control of a pipeline: when the last is dropped, it drains in the background.
pub struct Keeper {
    pub(crate) lifeline: Arc<Lifeline>,
    /// Runs something in the background, where the pipeline runs. Off the hot path.
    pub(crate) spawn: Spawn,
}

/// See [`Keeper`].
pub(crate) type Spawn = Box<dyn Fn(Pin<Box<dyn Future<Output = ()> + Send>>) -> io::Result<()> + Send + Sync>;

impl Drop for Keeper {
    fn drop(&mut self) {
        self.lifeline.drain();
    }
}

#[cfg(test)]
#[path = "life_tests.rs"]
mod tests;

#[cfg(all(test, forebay_loom))]
#[path = "life_model.rs"]
mod model;
