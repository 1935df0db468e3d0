//! The tries of one batch at a node with options against faults.

#![expect(
    clippy::manual_async_fn,
    reason = "that a future is `Send` is part of what these promise to generic code"
)]

use crate::edge::{Cause, Failures, Place, Sink, discard, guard};
use crate::fault::breaker::Outcome;
use crate::fault::course::Course;
use crate::fault::guarded::Guarded;
use crate::fault::limits::Limited;
use crate::pipeline::counters::Counter;
use crate::record::{Env, Meta};
use crate::segment::{Answered, BatchWay, Keep, Node, Open, answered, ask, batch_work, conclude_batch, most_attempts, start};
use crate::stage::{Batch, BatchStage, Types};

/// The tries of one batch: see [`Tries`](super::Tries). A batch is tried, and fails, as one.
pub struct BatchTries<T, M, U, E> {
    open: Open,
    records: Option<Vec<T>>,
    metas: Vec<M>,
    kept: Option<Vec<T>>,
    course: Course,
    ended: Option<Answered<U, E>>,
}

impl<T, M: Meta, U, E: 'static> BatchTries<T, M, U, E> {
    /// A batch has come to `node`.
    pub fn begin(node: &Node, batch: Vec<Env<T, M>>) -> Self {
        let open = Open::many(node.cell.clone(), batch.len() as u64);
        let (records, metas): (Vec<T>, Vec<M>) = batch.into_iter().map(|x| (x.record, x.meta)).unzip();
        BatchTries {
            open,
            records: Some(records),
            course: Course::new(most_attempts(&metas)),
            metas,
            kept: None,
            ended: None,
        }
    }

    /// Waits until the stage may be called; false when the batch has ended.
    ///
    /// Records that are late fail without the others.
    pub fn ready<S, F, K, O, A, N>(
        &mut self,
        node: &Node,
        way: &mut Guarded<BatchWay<S, F, K, O>, A, E>,
        next: &mut N,
    ) -> impl Future<Output = bool> + Send
    where
        T: Send,
        U: Send,
        E: Send,
        S: Types<F, In = T, Out = U, Err = E>,
        F: Send,
        K: Keep<T>,
        O: Failures<Batch<T>, E, ()>,
        N: Place,
    {
        async move {
            if self.ended.is_some() {
                return false;
            }
            if way.guards.deadline.is_some() && self.drop_late(node, way) {
                way.way.seen().await;
            }
            if self.metas.is_empty() {
                self.ended = Some(Ok(Some(Vec::new())));
                return false;
            }
            if let Err(cause) = self.course.ready(node, &mut way.guards, next).await {
                self.ended = Some(cause.map_or(Ok(None), Err));
                return false;
            }
            true
        }
    }

    /// Fails the records that are late, as a batch of their own. True, if there were some. The call that follows is late when the
    /// last of its records is.
    fn drop_late<S, F, K, O, A>(&mut self, node: &Node, way: &mut Guarded<BatchWay<S, F, K, O>, A, E>) -> bool
    where
        S: Types<F, In = T, Out = U, Err = E>,
        K: Keep<T>,
        O: Failures<Batch<T>, E, ()>,
    {
        let now = way.guards.limits.alarm.now();
        let is_late = |meta: &M| way.guards.late(meta).is_some_and(|late| late <= now);
        let (mut late, mut attempts) = (Vec::new(), 0);
        if self.metas.iter().any(is_late)
            && let Some(records) = self.records.take()
        {
            let (mut on_time, mut metas) = (Vec::with_capacity(records.len()), Vec::with_capacity(records.len()));
            for (record, meta) in records.into_iter().zip(core::mem::take(&mut self.metas)) {
                if is_late(&meta) {
                    attempts = meta.attempts().max(attempts);
                    late.push(record);
                } else {
                    on_time.push(record);
                    metas.push(meta);
                }
            }
            (self.records, self.metas) = (Some(on_time), metas);
        }
        let last = self.metas.iter().map(|meta| way.guards.late(meta));
        self.course.late = last.collect::<Option<Vec<_>>>().and_then(|last| last.into_iter().max());
        let count = late.len() as u64;
        if count == 0 {
            return false;
        }
        let record = match K::KEEPS {
            true => Some(Batch::from_vec(late)),
            false => {
                discard(late);
                None
            }
        };
        way.way.fail(node, record, Cause::Late, attempts.saturating_add(1), count);
        (0..count).for_each(|_| self.open.fail_one());
        true
    }

    /// One call of the stage.
    pub fn call<S, F, R, K, O, A, N>(
        &mut self,
        node: &Node,
        way: &mut Guarded<BatchWay<S, F, K, O>, A, E>,
        resources: R,
        next: &mut N,
    ) -> impl Future<Output = ()> + Send
    where
        T: Send,
        U: Send,
        E: Send,
        S: BatchStage<F, R> + Types<F, In = T, Out = U, Err = E>,
        F: Send,
        R: Send,
        K: Keep<T>,
        O: Send,
        A: Keep<T>,
        N: Place,
    {
        async move {
            let Some(records) = self.records.take() else { return };
            let size = records.len();
            if self.course.failed > 0 {
                node.cell.attempts.add(size as u64);
            }
            let again = self.course.has_more(&way.guards);
            let limits = &mut way.guards.limits;
            limits.begin(self.course.late);
            let kept = &mut self.kept;
            let started = guard(|| {
                *kept = match again {
                    true => records.iter().map(A::keep).collect(),
                    false => records.iter().map(K::keep).collect(),
                };
                start!(node, batch_work(S::start(Batch::from_vec(records), resources)))
            });
            let ended = match started {
                Ok(work) => ask(node, size, answered(Limited { work, limits }), next).await,
                Err(message) => Err(Cause::Panic(message)),
            };
            // A batch gives nothing before its end.
            way.guards.limits.gave = false;
            let outcome = match &ended {
                Ok(Some(_)) => Outcome::Succeeded,
                Ok(None) | Err(Cause::Late) => Outcome::Cut,
                Err(_) => Outcome::Failed,
            };
            self.course.called(&way.guards, outcome);
            if let Err(cause) = &ended
                && self.course.again(&mut way.guards, cause)
            {
                self.records = self.kept.take();
                for meta in &mut self.metas {
                    let before = meta.attempts();
                    *meta = core::mem::take(meta).with_attempts(before.saturating_add(1));
                }
                return;
            }
            self.ended = Some(ended);
        }
    }

    /// The batch has ended: counts it, and hands on what it gave, or its failure. True when the stage panicked.
    pub fn end<S, F, K, O, A, N>(
        mut self,
        node: &Node,
        way: &mut Guarded<BatchWay<S, F, K, O>, A, E>,
        next: &mut N,
    ) -> impl Future<Output = bool> + Send
    where
        T: Send,
        U: Send,
        E: Send,
        S: Types<F, In = T, Out = U, Err = E>,
        F: Send,
        K: Keep<T>,
        O: Failures<Batch<T>, E, ()>,
        N: Sink<U, M>,
    {
        async move {
            if let Some(records) = self.records.take() {
                // It was not tried, or not again.
                discard(self.kept.replace(records));
            }
            if !K::KEEPS {
                discard(self.kept.take());
            }
            let ended = self.ended.take().unwrap_or(Ok(None));
            let (kept, metas) = (self.kept.take(), core::mem::take(&mut self.metas));
            let attempts = self.course.attempts().saturating_add(1);
            conclude_batch(node, &mut way.way, &mut self.open, (kept, metas), ended, attempts, next).await
        }
    }
}

impl<T, M, U, E> Drop for BatchTries<T, M, U, E> {
    fn drop(&mut self) {
        discard((self.records.take(), self.kept.take()));
    }
}
