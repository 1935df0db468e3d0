//! Sources: streams and clocks.

use core::marker::PhantomData;
use core::pin::pin;
use core::task::Poll;
use std::time::{Duration, Instant, SystemTime};

use crate::edge::{Cause, Failed, Failures, Place, Sink, Unwired, guard};
use crate::pipeline::counters::Counter;
use crate::record::{Entry, Env, Meta};
use crate::rt::Rt;
use crate::segment::node::Node;
use crate::segment::open::Open;
use crate::segment::run;
use crate::segment::turn::{Turn, rest};
use crate::stage::{Done, Nothing, Work};

/// What `every 30s` gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    /// How many came before.
    pub count: u64,
    /// When it came, by the wall clock.
    pub at: SystemTime,
}

/// What a source feeds: closed when it ends, however that is.
struct Outgoing<P: Place, E, Out> {
    place: P,
    errors: Option<E>,
    /// Closes the errors: their types are not known here.
    shut: fn(&mut E),
    node: Node,
    ended: bool,
    record: PhantomData<fn() -> Out>,
}

impl<P: Place, E, Out> Outgoing<P, E, Out> {
    async fn end(mut self) {
        if !self.node.lifeline.aborted() {
            self.place.finish().await;
            self.place.flush();
            core::future::poll_fn(|cx| self.place.poll_settle(cx)).await;
        }
        self.ended = true;
    }

    /// One record that the node gave itself. The error: the user's own code panicked on its way.
    async fn give<M: Entry>(&mut self, record: Out, clock: &M::Clock) -> Result<(), String>
    where
        Out: Send,
        P: Sink<Out, M>,
    {
        let mut open = Open::new(self.node.cell.clone());
        open.hand_on();
        let meta = M::enter(clock);
        let x = Env { record, meta };
        let given = run::give(&self.node.cell, x, &mut self.place).await;
        match given.is_ok() {
            true => open.finish(),
            false => open.fail(),
        }
        given
    }

    /// A failure of the node, counted already.
    async fn fail<M: Meta, Err>(&mut self, cause: Cause<Err>)
    where
        E: Failures<Nothing, Err, M>,
    {
        let (record, attempts, node) = (None, 1, self.node.name);
        let failed = Failed {
            record,
            cause,
            attempts,
            node,
        };
        let wired = self.errors.as_mut().is_some_and(|errors| errors.fail(failed, M::default()));
        if !wired {
            self.node.cell.unwired.add(1);
        }
        if let Some(errors) = &mut self.errors {
            errors.flush();
            core::future::poll_fn(|cx| errors.poll_settle(cx)).await;
        }
    }
}

impl<P: Place, E, Out> Drop for Outgoing<P, E, Out> {
    fn drop(&mut self) {
        if !self.ended {
            self.node.lifeline.abort();
        }
        if let Some(errors) = &mut self.errors {
            (self.shut)(errors);
        }
        self.place.flush();
        self.place.close();
    }
}

/// Runs a source until its stream ends, or the pipeline drains: at a record boundary.
///
/// Each record counts as one that the node gave itself. A stream that fails or panics has ended.
pub fn source<W, M, E, N>(
    node: Node,
    errors: E,
    clock: M::Clock,
    open: impl FnOnce() -> W + Send,
    next: N,
) -> impl Future<Output = ()> + Send
where
    W: Work + Send,
    W::Out: Send,
    W::Err: Send,
    M: Entry,
    E: Failures<Nothing, W::Err, M>,
    N: Sink<W::Out, M>,
{
    let mut out = Outgoing {
        place: next,
        errors: Some(errors),
        shut: |errors| {
            errors.flush();
            errors.close();
        },
        node,
        ended: false,
        record: PhantomData,
    };
    async move {
        let failure = match guard(open) {
            Err(message) => Some(Cause::Panic(message)),
            Ok(work) => {
                let mut work = pin!(Some(work));
                let mut turn = Turn::default();
                let end = loop {
                    let step = core::future::poll_fn(|cx| {
                        let Some(work) = work.as_mut().as_pin_mut() else {
                            return Poll::Ready(Ok(Done::End));
                        };
                        if out.node.lifeline.draining() {
                            return Poll::Ready(Ok(Done::End));
                        }
                        match guard(|| work.poll_next(cx)) {
                            Ok(Poll::Ready(step)) => Poll::Ready(step.map_err(Cause::Error)),
                            Ok(Poll::Pending) => {
                                out.place.flush();
                                Poll::Pending
                            }
                            Err(message) => Poll::Ready(Err(Cause::Panic(message))),
                        }
                    })
                    .await;
                    let (record, last) = match step {
                        Ok(Done::More(record)) => (record, false),
                        Ok(Done::Last(record)) => (record, true),
                        Ok(Done::End) => break None,
                        Err(cause) => break Some(cause),
                    };
                    if let Err(message) = out.give::<M>(record, &clock).await {
                        out.fail::<M, W::Err>(Cause::Panic(message)).await;
                    }
                    if last {
                        break None;
                    }
                    if turn.is_over() {
                        // A stream that always has a record must not keep others from running.
                        out.place.flush();
                        rest().await;
                    }
                };
                // The user's own drop may panic: that is this node's failure, not the pipeline's.
                match (guard(|| work.set(None)), end) {
                    (Err(message), None) => Some(Cause::Panic(message)),
                    (_, end) => end,
                }
            }
        };
        if let Some(cause) = failure {
            Open::new(out.node.cell.clone()).fail();
            out.fail::<M, W::Err>(cause).await;
        }
        out.end().await;
    }
}

/// Runs `every PERIOD`: the first tick after one period; strokes that were missed are not made up for.
pub fn every<R, M, N>(node: Node, rt: R, clock: M::Clock, period: Duration, next: N) -> impl Future<Output = ()> + Send
where
    R: Rt,
    M: Entry,
    N: Sink<Tick, M>,
{
    let mut out = Outgoing {
        place: next,
        errors: Some(Unwired),
        shut: |_| (),
        node,
        ended: false,
        record: PhantomData,
    };
    async move {
        let (mut count, mut due) = (0, rt.now() + period);
        loop {
            out.place.flush();
            {
                let mut sleep = pin!(rt.sleep_until(due));
                core::future::poll_fn(|cx| {
                    if out.node.lifeline.draining() {
                        Poll::Ready(())
                    } else {
                        sleep.as_mut().poll(cx)
                    }
                })
                .await;
            }
            if out.node.lifeline.draining() {
                break;
            }
            let at = SystemTime::now();
            if let Err(message) = out.give::<M>(Tick { count, at }, &clock).await {
                out.fail::<M, Nothing>(Cause::Panic(message)).await;
            }
            count += 1;
            due = next_stroke(due, period, rt.now());
        }
        out.end().await;
    }
}

/// When a clock strikes next that was due at `due`: strokes that were missed by `now` are not made up for.
pub(crate) fn next_stroke(due: Instant, period: Duration, now: Instant) -> Instant {
    let next = due + period;
    if next <= now { now + period } else { next }
}
