//! A node at its place in a segment.

use core::task::{Context, Poll};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::edge::{Place, guard};
use crate::pipeline::counters::Counter;
use crate::pipeline::{Lifeline, NodeCell};
use crate::record::Env;
use crate::rt::{Clock, Rt};
use crate::segment::way::WayIn;
use crate::stage::{BatchStage, Inlet, Stage, Takes};

/// How many ways into a node its mark leaves room for.
pub(super) const WAYS: u32 = 16;

/// One worker's share of a node: who it is, and what it counts.
pub struct Node {
    pub(crate) name: &'static str,
    id: usize,
    pub(crate) cell: Arc<NodeCell>,
    pub(crate) lifeline: Arc<Lifeline>,
    restart: Option<(Restart, Clock)>,
    /// What ends here without a record was filtered: its stage returns an `Option`.
    pub(crate) filters: bool,
    /// Its restarts are exhausted, or a resource could not be built again: every record fails as `WorkerDead`.
    pub(crate) dead: bool,
    /// Within a chunk, what is not the common case is tallied here until [`Place::count`].
    pub(crate) ended: u64,
    pub(crate) failed: u64,
    /// The record in work is counted as taken, and not yet as what became of it.
    open: bool,
    panics: Vec<Instant>,
}

/// `restart: 3 in 10s else drain`.
#[derive(Debug, Clone, Copy)]
pub struct Restart {
    /// How many panics within the span are borne.
    pub most: usize,
    /// The span.
    pub within: Duration,
    /// Abort when there are more; otherwise drain.
    pub abort: bool,
}

impl Node {
    /// The node `name`, the `id`th of its pipeline.
    pub fn new(name: &'static str, id: usize, filters: bool, cell: Arc<NodeCell>, lifeline: Arc<Lifeline>) -> Self {
        let (restart, panics) = (None, Vec::new());
        Node {
            name,
            id,
            cell,
            lifeline,
            restart,
            filters,
            dead: false,
            ended: 0,
            failed: 0,
            open: false,
            panics,
        }
    }

    /// The same node of the same worker, for another of its hands. The restarts are counted by the first.
    pub(crate) fn another(&self) -> Node {
        Node::new(self.name, self.id, self.filters, self.cell.clone(), self.lifeline.clone())
    }

    /// A record that was meant for this node and will not reach it.
    pub(crate) fn missed(&self) {
        self.cell.taken.add(1);
        self.cell.cut.add(1);
    }

    /// With a limit to its panics, by the time of `rt`.
    pub fn restart<R: Rt>(mut self, restart: Restart, rt: &R) -> Self {
        self.panics = Vec::with_capacity(restart.most + 1);
        self.restart = Some((restart, Clock::new(rt)));
        self
    }

    /// The record in work waits, after `done` that have ended; how many records those gave.
    pub(crate) fn pause(&mut self, done: u64) -> u64 {
        let emitted = if done > 0 { self.count(done) } else { 0 };
        if !core::mem::replace(&mut self.open, true) {
            self.cell.in_work.add(1);
            self.cell.taken.add(1);
            self.cell.attempts.add(1);
        }
        emitted
    }

    /// The record in work is cut.
    pub(crate) fn cut(&mut self) {
        self.pause(0);
        self.open = false;
        self.cell.in_work.sub(1);
        self.cell.cut.add(1);
    }

    /// Records that were held here are gone. Each was one that the node would have given itself.
    fn cut_held(&self, records: usize) {
        if records > 0 {
            self.cell.taken.add(records as u64);
            self.cell.cut.add(records as u64);
        }
    }

    fn owns(&self, mark: usize) -> bool {
        mark >> WAYS == self.id + 1
    }

    /// Counts what went through in a chunk; how many records it gave.
    fn count(&mut self, taken: u64) -> u64 {
        let (ended, failed) = (core::mem::take(&mut self.ended), core::mem::take(&mut self.failed));
        let emitted = taken - ended - failed;
        // One of them may have been counted when it began to wait.
        let mut begun = taken;
        if core::mem::take(&mut self.open) {
            self.cell.in_work.sub(1);
            begun -= 1;
        }
        self.cell.taken.add(begun);
        self.cell.attempts.add(begun);
        self.cell.emitted.add(emitted);
        if failed > 0 {
            self.cell.failed.add(failed);
        }
        if self.filters && ended > 0 {
            self.cell.dropped.add(ended);
        }
        self.cell.finished.add(taken - failed);
        emitted
    }

    /// After a panic: builds the locals anew, unless that was one panic too many.
    pub fn rebuild(&mut self, rebuild: impl FnOnce() -> Result<bool, String>) {
        if let Some((limit, clock)) = &self.restart {
            let now = clock.now();
            self.panics.retain(|at| now.duration_since(*at) < limit.within);
            self.panics.push(now);
            if self.panics.len() > limit.most {
                self.dead = true;
                if limit.abort {
                    self.lifeline.abort()
                } else {
                    self.lifeline.drain()
                }
                return;
            }
        }
        match rebuild() {
            Ok(true) => self.cell.rebuilt.add(1),
            Ok(false) => {}
            Err(_) => {
                self.dead = true;
                self.lifeline.drain();
            }
        }
    }
}

/// A node, its ways in, and what it feeds: what the struct that the macro writes for a node holds beside its resources.
pub struct Here<W, N> {
    /// The node.
    pub node: Node,
    /// Its way in, or a tuple of them.
    pub ways: W,
    /// What it feeds.
    pub next: N,
}

impl<W, N> Here<W, N> {
    /// These together.
    pub fn new(node: Node, ways: W, next: N) -> Self {
        Here { node, ways, next }
    }
}

/// The [`Here`] of a node's struct.
pub type HereOf<P> = Here<<P as Shell>::Ways, <P as Shell>::Next>;

/// The struct that the macro writes for a node: a [`Here`] and the node's resources.
pub trait Shell: Send {
    /// The ways into the node.
    type Ways: WayIn;
    /// What it feeds.
    type Next: Place;
    /// Its [`Here`], to look at.
    fn here(&self) -> &HereOf<Self>;
    /// Its [`Here`], to use.
    fn here_mut(&mut self) -> &mut HereOf<Self>;
    /// Its node has panicked: its locals are built anew.
    fn rebuild(&mut self) {
        self.here_mut().node.rebuild(|| Ok(false));
    }
    /// See [`Place::finish`].
    fn finish(&mut self) -> impl Future<Output = ()> + Send {
        self.here_mut().next.finish()
    }
    /// See [`Place::tick`].
    fn tick(&mut self, node: usize) -> impl Future<Output = ()> + Send {
        self.here_mut().next.tick(node)
    }
    /// See [`Place::closed`].
    fn closed(&mut self, inlet: Inlet) -> impl Future<Output = ()> + Send {
        let _ = inlet;
        core::future::ready(())
    }
    /// See [`Place::pull`].
    fn pull(&mut self) -> impl Future<Output = bool> + Send {
        core::future::ready(false)
    }
    /// See [`Place::held`].
    fn held(&self) -> usize {
        0
    }
}

/// The node of this place has panicked: its locals are built anew, and what a pulled stage held before and not after is cut.
pub fn rebuild(place: &mut impl Shell) {
    let before = held(place);
    place.rebuild();
    let lost = before.saturating_sub(held(place));
    place.here_mut().node.cut_held(lost);
}

fn held(place: &impl Shell) -> usize {
    guard(|| place.held()).unwrap_or(0)
}

impl<P: Shell> Place for P {
    #[inline]
    fn blocked(&self) -> bool {
        let Here { ways, next, .. } = self.here();
        ways.blocked() || next.blocked()
    }
    fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Here { ways, next, .. } = self.here_mut();
        let (failures, records) = (ways.poll_settle(cx), next.poll_settle(cx));
        core::task::ready!(failures);
        records
    }
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Here { ways, next, .. } = self.here_mut();
        core::task::ready!(ways.poll_room(cx));
        next.poll_room(cx)
    }
    fn flush(&mut self) {
        let Here { ways, next, .. } = self.here_mut();
        ways.flush();
        next.flush();
    }
    fn count(&mut self, taken: u64) {
        let Here { node, next, .. } = self.here_mut();
        let emitted = node.count(taken);
        next.count(emitted);
    }
    fn panicked(&mut self, mark: usize, message: &str) -> bool {
        let Here { node, ways, next } = self.here_mut();
        if !node.owns(mark) {
            return next.panicked(mark, message);
        }
        node.failed += 1;
        ways.panicked(node, mark, message);
        rebuild(self);
        true
    }
    fn missed(&mut self) {
        self.here_mut().node.missed();
    }
    fn finish(&mut self) -> impl Future<Output = ()> + Send {
        Shell::finish(self)
    }
    fn tick(&mut self, node: usize) -> impl Future<Output = ()> + Send {
        Shell::tick(self, node)
    }
    fn closed(&mut self, inlet: Inlet) -> impl Future<Output = ()> + Send {
        Shell::closed(self, inlet)
    }
    fn pull(&mut self) -> impl Future<Output = bool> + Send {
        Shell::pull(self)
    }
    fn held(&self) -> usize {
        // A dead one gives nothing any more. One that cannot say holds nothing that could be waited for.
        if self.here().node.dead { 0 } else { held(self) }
    }
    fn cut_held(&mut self) {
        let held = held(self);
        let node = &mut self.here_mut().node;
        node.cut_held(held);
        if node.open {
            node.cut();
        }
    }
    fn close(&mut self) {
        let Here { ways, next, .. } = self.here_mut();
        ways.close();
        next.close();
    }
}

/// The edge into a stage: `F` as the stage takes it.
#[inline(always)]
pub fn edge<F, S: Takes<F, AT>, M, const AT: u64>(x: Env<F, M>) -> Env<S::In, M> {
    Env {
        record: S::take(x.record),
        meta: x.meta,
    }
}

/// The resources of a stage, checked against what it borrows.
#[inline(always)]
pub fn lend<F, S: Stage<F, R, AT>, R, const AT: u64>(resources: R) -> R {
    resources
}

/// The resources of a batched stage, checked against what it borrows.
#[inline(always)]
pub fn lend_batch<F, S: BatchStage<F, R>, R>(resources: R) -> R {
    resources
}
