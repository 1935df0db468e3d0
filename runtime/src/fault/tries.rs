//! The tries of one record at a node with options against faults.

#![expect(
    clippy::manual_async_fn,
    reason = "that a future is `Send` is part of what these promise to generic code"
)]

use core::pin::pin;

use crate::edge::{Cause, Failures, Place, Sink, discard, guard};
use crate::fault::breaker::Outcome;
use crate::fault::course::Course;
use crate::fault::guarded::Guarded;
use crate::fault::keys::Keys;
use crate::fault::limits::Limited;
use crate::pipeline::counters::Counter;
use crate::record::{Env, Meta};
use crate::segment::{Ended, Keep, Node, Open, Way, conclude, follow, start};
use crate::stage::{Stage, Types};

/// The tries of one record: it counts as one in work until the last of them has ended, also while it waits for the next.
///
/// Dropped before, it counts as cut.
///
/// ```text
/// while tries.ready(…).await {          // waits for its turn, or ends without a call
///     tries.call(…, resources, …).await // one call of the stage
/// }
/// tries.end(…).await                    // true: the stage panicked
/// ```
pub struct Tries<T, E> {
    pub(crate) open: Open,
    /// What the next call takes.
    record: Option<T>,
    course: Course,
    ended: Option<Ended<E>>,
}

impl<T, E: 'static> Tries<T, E> {
    /// A record has come to `node`.
    pub fn begin<S, F, M, K, O, A, const AT: u64>(
        node: &Node,
        way: &mut Guarded<Way<S, F, M, K, O, AT>, A, E>,
        x: Env<T, M>,
    ) -> Self
    where
        S: Types<F, AT, In = T, Err = E>,
        M: Meta,
    {
        let mut course = Course::new(x.meta.attempts());
        course.late = way.guards.late(&x.meta);
        way.way.meta = x.meta;
        Tries {
            open: Open::new(node.cell.clone()),
            record: Some(x.record),
            course,
            ended: None,
        }
    }

    /// Its turn is that of its key.
    pub fn by<W, A>(mut self, way: &Guarded<W, A, E>, hash: impl FnOnce(&T, &Keys) -> u64) -> Self {
        if let (Some(keys), Some(record)) = (&way.guards.keys, &self.record) {
            // The user's own hash may panic.
            match guard(|| hash(record, keys)) {
                Ok(key) => self.course.key = key,
                Err(message) => self.ended = Some(Ended::Failed(Cause::Panic(message))),
            }
        }
        self
    }

    /// Waits until the stage may be called; false when the record has ended.
    pub fn ready<W, A, N>(&mut self, node: &Node, way: &mut Guarded<W, A, E>, next: &mut N) -> impl Future<Output = bool> + Send
    where
        T: Send,
        E: Send,
        W: Send,
        N: Place,
    {
        async move {
            if self.ended.is_some() {
                return false;
            }
            if let Err(cause) = self.course.ready(node, &mut way.guards, next).await {
                self.ended = Some(cause.map_or(Ended::Cut, Ended::Failed));
                return false;
            }
            true
        }
    }

    /// One call of the stage.
    pub fn call<S, F, R, M, K, O, A, N, const AT: u64>(
        &mut self,
        node: &Node,
        way: &mut Guarded<Way<S, F, M, K, O, AT>, A, E>,
        resources: R,
        next: &mut N,
    ) -> impl Future<Output = ()> + Send
    where
        T: Send,
        E: Send,
        S: Stage<F, R, AT> + Types<F, AT, In = T, Err = E>,
        F: Send,
        R: Send,
        M: Meta,
        K: Keep<T>,
        O: Failures<T, E, M>,
        A: Keep<T>,
        N: Sink<S::Out, M>,
    {
        async move {
            let Some(record) = self.record.take() else { return };
            if self.course.failed > 0 {
                node.cell.attempts.add(1);
            }
            let (again, limits) = (self.course.has_more(&way.guards), &mut way.guards.limits);
            limits.begin(self.course.late);
            let ended = {
                let Way { kept, scratch, meta, .. } = &mut way.way;
                let started = guard(|| {
                    *kept = match again {
                        true => A::keep(&record),
                        false => K::keep(&record),
                    };
                    start!(node, S::start(record, resources, scratch))
                });
                match started {
                    Ok(work) => {
                        let work = Limited { work, limits };
                        let work = pin!(Some(work));
                        flat(follow(node, &mut self.open, work, meta, next).await)
                    }
                    Err(message) => Ended::Failed(Cause::Panic(message)),
                }
            };
            self.course.called(&way.guards, outcome(&ended));
            if let Ended::Failed(cause) = &ended
                && self.course.again(&mut way.guards, cause)
            {
                self.record = way.way.kept.take();
                way.way.meta = core::mem::take(&mut way.way.meta).with_attempts(self.course.attempts());
                return;
            }
            self.ended = Some(ended);
        }
    }

    /// The record has ended: counts it, and hands on its failure. True when the stage panicked.
    pub fn end<S, F, M, K, O, A, const AT: u64>(
        mut self,
        node: &Node,
        way: &mut Guarded<Way<S, F, M, K, O, AT>, A, E>,
    ) -> impl Future<Output = bool> + Send
    where
        T: Send,
        E: Send,
        S: Types<F, AT, In = T, Err = E>,
        F: Send,
        M: Meta,
        K: Keep<T>,
        O: Failures<T, E, M>,
    {
        async move {
            let way = &mut way.way;
            let (ended, attempts) = self.ended(way);
            let panicked = conclude(node, way, &mut self.open, ended, attempts);
            if way.errors.blocked() {
                core::future::poll_fn(|cx| way.errors.poll_settle(cx)).await;
            }
            panicked
        }
    }
}

impl<T, E> Tries<T, E> {
    /// How the record has ended, and at which try. What is kept of it is in `way`.
    pub(crate) fn ended<S, F, M, K, O, const AT: u64>(&mut self, way: &mut Way<S, F, M, K, O, AT>) -> (Ended<E>, u32)
    where
        S: Types<F, AT, In = T>,
        K: Keep<T>,
    {
        if let Some(record) = self.record.take() {
            // It was not tried, or not again.
            discard(way.kept.replace(record));
        }
        if !K::KEEPS {
            discard(way.kept.take());
        }
        let attempts = self.course.attempts().saturating_add(1);
        (self.ended.take().unwrap_or(Ended::Cut), attempts)
    }
}

impl<T, E> Drop for Tries<T, E> {
    fn drop(&mut self) {
        discard(self.record.take());
    }
}

/// What a breaker is told of it.
fn outcome<E>(ended: &Ended<E>) -> Outcome {
    match ended {
        Ended::Finished | Ended::Filtered => Outcome::Succeeded,
        // The record came late: that says nothing of the stage.
        Ended::Cut | Ended::Failed(Cause::Late) => Outcome::Cut,
        Ended::Failed(_) => Outcome::Failed,
    }
}

/// The call of a limited stage ended so.
fn flat<E>(ended: Ended<Cause<E>>) -> Ended<E> {
    match ended {
        Ended::Finished => Ended::Finished,
        Ended::Filtered => Ended::Filtered,
        Ended::Cut => Ended::Cut,
        Ended::Failed(Cause::Error(cause)) => Ended::Failed(cause),
        Ended::Failed(Cause::Panic(message)) => Ended::Failed(Cause::Panic(message)),
        Ended::Failed(Cause::Timeout) => Ended::Failed(Cause::Timeout),
        Ended::Failed(Cause::Late) => Ended::Failed(Cause::Late),
        Ended::Failed(Cause::BreakerOpen) => Ended::Failed(Cause::BreakerOpen),
        Ended::Failed(Cause::WorkerDead) => Ended::Failed(Cause::WorkerDead),
    }
}
