//! The loop of a segment.

use core::future::poll_fn;
use core::task::{Context, Poll};
use std::time::Instant;

use crate::edge::{At, Place, guard};
use crate::rt::Rt;
use crate::segment::plan::Plan;
use crate::segment::source::next_stroke;
use crate::segment::tempo::{POLL_RECORDS, Tempo};
use crate::segment::ways::Ways;
use crate::stage::Inlet;

/// What there is to do.
enum Step {
    /// Records of a lane wait for the path that is not direct.
    Records(usize),
    /// So many of a lane went the direct path, and something is blocked now.
    Blocked(usize, u64),
    Ended(usize),
    Tick(usize),
    Pull,
    End,
    Abort,
}

/// Reads `ways` into `place` until they end.
///
/// A segment that is dropped unfinished, because its runtime has gone, still accounts for every record.
pub fn drive<W, P, R>(ways: W, place: P, plan: Plan<R>) -> impl Future<Output = ()> + Send
where
    W: Ways<P>,
    P: Place,
    R: Rt,
{
    // Made here and not at the first poll: a task that never ran is accounted for too.
    run(Segment::new(ways, place, plan))
}

async fn run<W, P, R>(mut segment: Segment<W, P, R>)
where
    W: Ways<P>,
    P: Place,
    R: Rt,
{
    let aborted = loop {
        match poll_fn(|cx| segment.poll_steps(cx)).await {
            Step::Records(lane) => {
                segment.enter();
                let taken = segment.serve(lane).await;
                segment.end_chunk(taken);
                if segment.place.blocked() {
                    segment.settle().await;
                }
                segment.leave(lane, taken);
            }
            Step::Blocked(lane, taken) => {
                segment.settle().await;
                segment.leave(lane, taken);
            }
            Step::Ended(lane) => {
                if let Some(inlet) = segment.ways.inlet(lane)
                    && segment.is_last_of(inlet)
                {
                    segment.ways.unwait();
                    aside(&mut segment.ways, segment.place.closed(inlet)).await;
                    segment.settle().await;
                }
                segment.hungry = true;
                if !segment.ways.inner(lane) {
                    segment.leave_entry();
                }
            }
            Step::Tick(clock) => {
                segment.enter();
                segment.ways.unwait();
                segment.begin_chunk();
                aside(&mut segment.ways, segment.place.tick(segment.plan.clocks[clock].0)).await;
                segment.settle().await;
                segment.struck = true;
                segment.end_chunk(0);
                segment.leave(usize::MAX, 0);
            }
            Step::Pull => {
                segment.enter();
                segment.ways.unwait();
                segment.tempo.begin();
                let held = segment.place.held();
                let gave = aside(&mut segment.ways, segment.place.pull()).await;
                // A pull that failed is followed by another if it made progress.
                segment.hungry = gave || segment.place.held() < held;
                segment.settle().await;
                segment.tempo.end(1);
                segment.pulls += 1;
                segment.leave(usize::MAX, 0);
            }
            Step::End => break false,
            Step::Abort => break true,
        }
    };
    if !aborted {
        aside(&mut segment.ways, segment.place.finish()).await;
        segment.settle().await;
    }
    segment.stop();
}

/// Follows what may wait for long: the slots of the records that were taken are free meanwhile, and calls in flight go on.
pub(super) async fn aside<P, W: Ways<P>, T>(ways: &mut W, work: impl Future<Output = T>) -> T {
    let mut work = core::pin::pin!(work);
    poll_fn(|cx| {
        let polled = work.as_mut().poll(cx);
        if polled.is_pending() {
            ways.release(true);
            ways.meanwhile(cx);
        }
        polled
    })
    .await
}

struct Segment<W: Ways<P>, P: Place, R: Rt> {
    ways: W,
    place: P,
    plan: Plan<R>,
    ended: Vec<bool>,
    due: Vec<Instant>,
    sleep: Option<core::pin::Pin<Box<R::Sleep>>>,
    /// The lane whose turn it is.
    turn: usize,
    tempo: Tempo,
    /// The last step was a tick.
    struck: bool,
    /// A pulled stage may have a record.
    hungry: bool,
    /// How often it was asked since the last record came.
    pulls: u64,
    held: usize,
    stopped: bool,
}

impl<W: Ways<P>, P: Place, R: Rt> Segment<W, P, R> {
    fn new(ways: W, place: P, plan: Plan<R>) -> Self {
        let start = plan.rt.now();
        Segment {
            ended: vec![false; W::LANES],
            due: plan.clocks.iter().map(|(_, every)| start + *every).collect(),
            sleep: None,
            turn: 0,
            tempo: Tempo::new(),
            struck: false,
            hungry: true,
            pulls: 0,
            held: 0,
            stopped: false,
            ways,
            place,
            plan,
        }
    }

    /// Chunks that go the direct path, one after the other; then the next step of any other kind.
    fn poll_steps(&mut self, cx: &mut Context<'_>) -> Poll<Step> {
        let mut flushed = false;
        loop {
            let step = core::task::ready!(self.poll_step(flushed, cx));
            let Step::Records(lane) = step else { return Poll::Ready(step) };
            if !W::direct(lane) {
                return Poll::Ready(step);
            }
            self.enter();
            let taken = self.chunk(lane);
            self.end_chunk(taken);
            if self.place.blocked() {
                return Poll::Ready(Step::Blocked(lane, taken));
            }
            self.leave(lane, taken);
            flushed = true;
        }
    }

    /// The next step. `flushed`: nothing was done since the last flush.
    #[inline(always)]
    fn poll_step(&mut self, flushed: bool, cx: &mut Context<'_>) -> Poll<Step> {
        if self.plan.lifeline.aborted() {
            return Poll::Ready(Step::Abort);
        }
        if self.tempo.is_over() {
            // Enough for one poll. Waking ourselves keeps us off the slot that the runtime runs next.
            self.tempo.rest();
            self.flush(self.plan.eager);
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        // Clocks, pulls and lanes take turns: none of them keeps the others from theirs, however busy it is.
        let struck = !self.due.is_empty() && core::mem::take(&mut self.struck);
        if !struck && let Some(clock) = self.poll_clocks(cx) {
            return Poll::Ready(Step::Tick(clock));
        }
        if self.plan.pulled && self.pulls < POLL_RECORDS && self.poll_pull(cx) {
            return Poll::Ready(Step::Pull);
        }
        let mut waits = false;
        for offset in 0..W::LANES {
            let lane = (self.turn + offset) % W::LANES;
            if self.ended[lane] {
                continue;
            }
            match self.ways.poll(lane, cx) {
                Poll::Ready(0) => {
                    self.ended[lane] = true;
                    return Poll::Ready(Step::Ended(lane));
                }
                Poll::Ready(_) => {
                    self.turn = (lane + 1) % W::LANES;
                    self.pulls = 0;
                    if W::LANES > 1 {
                        // Other readers of the other lanes are called instead of us.
                        self.ways.unwait();
                    }
                    return Poll::Ready(Step::Records(lane));
                }
                Poll::Pending => {
                    if self.plan.component.as_ref().is_some_and(|c| c.ended()) && self.ways.inner(lane) {
                        self.ended[lane] = true;
                        return Poll::Ready(Step::Ended(lane));
                    }
                    waits = true;
                }
            }
        }
        if self.poll_pull(cx) {
            return Poll::Ready(Step::Pull);
        }
        if !waits {
            return Poll::Ready(Step::End);
        }
        if struck && let Some(clock) = self.poll_clocks(cx) {
            return Poll::Ready(Step::Tick(clock));
        }
        self.tempo.rest();
        // A lane that is waited for has given back its slots by itself.
        if !flushed {
            self.flush(true);
        }
        Poll::Pending
    }

    /// A pulled stage may have a record, and there is room for it.
    fn poll_pull(&mut self, cx: &mut Context<'_>) -> bool {
        self.plan.pulled && self.hungry && self.place.poll_room(cx).is_ready()
    }

    /// The clock that has struck, if one has.
    #[inline]
    fn poll_clocks(&mut self, cx: &mut Context<'_>) -> Option<usize> {
        if self.due.is_empty() { None } else { self.look_at_clocks(cx) }
    }

    #[inline(never)]
    fn look_at_clocks(&mut self, cx: &mut Context<'_>) -> Option<usize> {
        loop {
            let now = self.plan.rt.now();
            let (clock, first) = self.due.iter().copied().enumerate().min_by_key(|(_, due)| *due)?;
            if first <= now {
                // The next stroke is a period after this one was due; strokes that were missed are not made up for.
                self.due[clock] = next_stroke(self.due[clock], self.plan.clocks[clock].1, now);
                self.sleep = None;
                return Some(clock);
            }
            let rt = &self.plan.rt;
            let sleep = self.sleep.get_or_insert_with(|| Box::pin(rt.sleep_until(first)));
            match sleep.as_mut().poll(cx) {
                Poll::Ready(()) => self.sleep = None,
                Poll::Pending => return None,
            }
        }
    }

    /// How many records the next chunk may have.
    #[inline]
    fn begin_chunk(&mut self) -> usize {
        let most = self.tempo.begin();
        if self.plan.eager { 1 } else { most }
    }

    fn end_chunk(&mut self, taken: u64) {
        let quick = self.tempo.end(taken);
        self.hungry = true;
        self.flush(!quick);
    }

    /// One chunk through the direct path: one guard, one set of counts.
    fn chunk(&mut self, lane: usize) -> u64 {
        let most = self.begin_chunk();
        let mut at = At::default();
        let (ways, place) = (&mut self.ways, &mut self.place);
        let before = ways.taken(lane);
        let mut missed = 0;
        if let Err(message) = guard(|| ways.turn(lane, place, most, &mut at))
            && !place.panicked(at.mark(), &message)
        {
            // On the way from the ring, in the user's `Clone` or `match`: no node had it.
            place.missed();
            missed = 1;
        }
        let taken = ways.taken(lane) - before;
        place.count(taken - missed);
        taken
    }

    /// One chunk the other way, record by record.
    async fn serve(&mut self, lane: usize) -> u64 {
        let most = self.begin_chunk();
        let mut taken = 0;
        loop {
            // What the user does is guarded inside.
            let served = self.ways.serve(lane, &mut self.place, most).await;
            taken += served.taken;
            if !served.more || taken >= most as u64 || self.place.blocked() || self.plan.lifeline.aborted() {
                return taken;
            }
        }
    }

    async fn settle(&mut self) {
        poll_fn(|cx| match self.place.poll_settle(cx) {
            Poll::Ready(()) => Poll::Ready(()),
            Poll::Pending => {
                self.tempo.rest();
                self.flush(true);
                Poll::Pending
            }
        })
        .await;
    }

    fn flush(&mut self, eager: bool) {
        self.place.flush();
        self.ways.release(eager);
    }

    /// Inside a cycle: work is being done, so it is not over.
    fn enter(&mut self) {
        if let Some(component) = &self.plan.component {
            component.enter(1);
        }
    }

    /// The work is done: what came in over a lane of the cycle is no longer in it, unless a pulled stage holds it.
    fn leave(&mut self, lane: usize, taken: u64) {
        let Some(component) = &self.plan.component else { return };
        let held = self.place.held();
        if held > self.held {
            component.enter(held - self.held);
        } else {
            component.leave(self.held - held);
        }
        self.held = held;
        let inner = lane < W::LANES && self.ways.inner(lane);
        component.leave(1 + if inner { taken as usize } else { 0 });
    }

    /// No other lane that still runs leads to this inlet.
    fn is_last_of(&self, inlet: Inlet) -> bool {
        (0..W::LANES).all(|lane| self.ended[lane] || self.ways.inlet(lane) != Some(inlet))
    }

    /// A lane that brought records into the cycle has ended.
    fn leave_entry(&mut self) {
        if let Some(component) = &self.plan.component {
            component.leave(1);
        }
    }

    /// Closes what is left on both sides, and counts it.
    fn stop(&mut self) {
        if core::mem::replace(&mut self.stopped, true) {
            return;
        }
        self.ways.close();
        self.ways.leave(&mut self.place);
        self.ways.cut();
        self.ways.release(true);
        self.place.cut_held();
        self.place.flush();
        self.place.close();
    }
}

impl<W: Ways<P>, P: Place, R: Rt> Drop for Segment<W, P, R> {
    fn drop(&mut self) {
        if !self.stopped {
            self.plan.lifeline.abort();
            self.stop();
        }
    }
}
