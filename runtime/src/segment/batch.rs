//! Batched nodes: what is there now, up to so many, in one call.

use core::marker::PhantomData;
use core::pin::pin;
use core::task::{Context, Poll};
use std::sync::Arc;

use crate::edge::{At, Cause, Failed, Failures, Place, Sink, discard, guard};
use crate::fault::{Gathered, Linger};
use crate::pipeline::TakeCell;
use crate::pipeline::counters::Counter;
use crate::record::{Env, Meta};
use crate::ring::Reader;
use crate::segment::chunk::Served;
use crate::segment::node::Node;
use crate::segment::open::Open;
use crate::segment::run::give;
use crate::segment::way::{Keep, WayIn};
use crate::segment::ways::{Lane, Ways};
use crate::stage::{Batch, BatchStage, Done, Inlet, Types, Work, make};

/// The struct that the macro writes for a batched node.
pub trait BatchSink<T, M>: Place {
    /// Takes a batch, and resolves when everything below has accepted what came of it.
    fn send_batch(&mut self, batch: Vec<Env<T, M>>) -> impl Future<Output = ()> + Send;
}

/// A ring that a segment with a batched node reads.
pub struct BatchLane<R, T, M, MN> {
    lane: Lane<R, T, M, MN>,
    most: usize,
    linger: Option<Linger>,
}

impl<R, T, M, MN> BatchLane<R, T, M, MN>
where
    T: Send,
    M: Meta,
    MN: Meta,
    R: Reader<Env<T, M>>,
{
    /// Reads `ring` in batches of at most `most`.
    pub fn new(ring: R, cell: Arc<TakeCell>, most: usize) -> Self {
        BatchLane {
            lane: Lane::new(ring, cell),
            most,
            linger: None,
        }
    }

    /// A batch waits for more.
    pub fn linger(mut self, linger: Linger) -> Self {
        self.linger = Some(linger);
        self
    }

    /// See [`Lane::inner`].
    pub fn inner(mut self, inner: bool) -> Self {
        self.lane = self.lane.inner(inner);
        self
    }
}

impl<P, R, T, M, MN> Ways<P> for BatchLane<R, T, M, MN>
where
    T: Send,
    M: Meta,
    MN: Meta,
    R: Reader<Env<T, M>>,
    P: BatchSink<T, MN>,
{
    const LANES: usize = 1;
    fn poll(&mut self, _lane: usize, cx: &mut Context<'_>) -> Poll<usize> {
        self.lane.poll_records(cx)
    }
    fn direct(_lane: usize) -> bool {
        false
    }
    fn turn(&mut self, _lane: usize, _place: &mut P, _most: usize, _at: &mut At) {}
    fn taken(&self, _lane: usize) -> u64 {
        0
    }
    async fn serve(&mut self, _lane: usize, place: &mut P, _most: usize) -> Served {
        let mut batch = Gathered {
            records: self.lane.batch(self.most),
            place,
        };
        if let Some(linger) = self.linger.as_mut().filter(|_| !batch.records.is_empty()) {
            linger.fill(&mut self.lane, &mut batch, self.most).await;
        }
        let records = core::mem::take(&mut batch.records);
        let place = &mut *batch.place;
        let taken = records.len() as u64;
        if taken > 0 {
            let mut send = pin!(place.send_batch(records));
            core::future::poll_fn(|cx| {
                let polled = send.as_mut().poll(cx);
                if polled.is_pending() {
                    self.lane.give_back(true);
                }
                polled
            })
            .await;
            return Served::some(taken);
        }
        Served::all(0)
    }
    fn release(&mut self, eager: bool) {
        self.lane.give_back(eager);
    }
    fn unwait(&mut self) {
        self.lane.stop_waiting();
    }
    fn inner(&self, _lane: usize) -> bool {
        self.lane.is_inner()
    }
    fn inlet(&self, _lane: usize) -> Option<Inlet> {
        None
    }
    fn close(&mut self) {
        self.lane.shut();
    }
    fn cut(&mut self) {
        self.lane.cut_rest();
    }
}

/// The way into a batched node: where failed batches go.
pub struct BatchWay<S: Types<F>, F, K, E> {
    errors: E,
    #[expect(clippy::type_complexity, reason = "a marker")]
    stage: PhantomData<fn() -> (S, F, K)>,
}

impl<S: Types<F>, F, K, E> BatchWay<S, F, K, E> {
    /// The way into a batched node.
    pub fn new(errors: E) -> Self {
        BatchWay {
            errors,
            stage: PhantomData,
        }
    }
}

impl<S, F, K, E> WayIn for BatchWay<S, F, K, E>
where
    S: Types<F>,
    E: Failures<Batch<S::In>, S::Err, ()>,
{
    fn blocked(&self) -> bool {
        self.errors.blocked()
    }
    fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.errors.poll_settle(cx)
    }
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.errors.poll_room(cx)
    }
    fn flush(&mut self) {
        self.errors.flush();
    }
    fn close(&mut self) {
        self.errors.close();
    }
    /// A batched node is never on the direct path: its panics are caught where they happen.
    fn panicked(&mut self, _node: &Node, _mark: usize, _message: &str) -> bool {
        false
    }
}

/// A batch through a node: one call, one record out for each in, in order; or the whole batch fails.
///
/// True when the stage panicked. Dropped midway, what is not yet handed on counts as cut.
pub fn run_batch<S, F, R, M, K, E, N>(
    node: &mut Node,
    way: &mut BatchWay<S, F, K, E>,
    batch: Vec<Env<S::In, M>>,
    resources: R,
    next: &mut N,
) -> impl Future<Output = bool> + Send
where
    S: BatchStage<F, R> + Types<F>,
    F: Send,
    R: Send,
    M: Meta,
    K: Keep<S::In>,
    E: Failures<Batch<S::In>, S::Err, ()>,
    N: Sink<S::Out, M>,
{
    let size = batch.len();
    let mut open = Open::many(node.cell.clone(), size as u64);
    async move {
        let (records, metas): (Vec<S::In>, Vec<M>) = batch.into_iter().map(|x| (x.record, x.meta)).unzip();
        let attempts = most_attempts(&metas).saturating_add(1);
        let mut kept = None;
        let end = if node.dead {
            kept = K::KEEPS.then_some(records);
            Err(Cause::WorkerDead)
        } else {
            let started = guard(|| {
                if K::KEEPS {
                    kept = records.iter().map(K::keep).collect();
                }
                start!(node, batch_work(S::start(Batch::from_vec(records), resources)))
            });
            match started {
                Ok(work) => ask(node, size, async { answered(work).await.map_err(Cause::Error) }, next).await,
                Err(message) => Err(Cause::Panic(message)),
            }
        };
        conclude_batch(node, way, &mut open, (kept, metas), end, attempts, next).await
    }
}

/// The call of a batch.
pub(crate) fn batch_work<T, E>(call: impl Future<Output = Result<Vec<T>, E>>) -> impl Work<Out = Vec<T>, Err = E> {
    make::answer(call, |given: Result<Vec<T>, E>| given.map(Some))
}

/// What the call of a batch gives.
pub(crate) async fn answered<W: Work<Out = Vec<T>>, T>(work: W) -> Result<Vec<T>, W::Err> {
    let mut work = pin!(work);
    match core::future::poll_fn(|cx| work.as_mut().poll_next(cx)).await? {
        Done::More(given) | Done::Last(given) => Ok(given),
        Done::End => Ok(Vec::new()),
    }
}

/// The tries so far of the record of a batch that has most of them.
pub(crate) fn most_attempts(metas: &[impl Meta]) -> u32 {
    metas.iter().map(Meta::attempts).max().unwrap_or(0)
}

/// What a batch has given: one record for each; `None`, if it was cut.
pub(crate) type Answered<T, E> = Result<Option<Vec<T>>, Cause<E>>;

/// Follows the call of a batch of `size` to its end.
pub(crate) async fn ask<F, T, E, N>(node: &Node, size: usize, call: F, next: &mut N) -> Answered<T, E>
where
    F: Future<Output = Result<Vec<T>, Cause<E>>> + Send,
    N: Place,
{
    let mut call = pin!(Some(call));
    let end = core::future::poll_fn(|cx| {
        if node.lifeline.aborted() {
            return Poll::Ready(Ok(None));
        }
        let Some(call) = call.as_mut().as_pin_mut() else {
            return Poll::Ready(Ok(None));
        };
        match guard(|| call.poll(cx)) {
            Ok(Poll::Pending) => {
                next.flush();
                Poll::Pending
            }
            Ok(Poll::Ready(Ok(given))) if given.len() == size => Poll::Ready(Ok(Some(given))),
            Ok(Poll::Ready(Ok(given))) => {
                let count = given.len();
                discard(given);
                Poll::Ready(Err(Cause::Panic(format!(
                    "a batch of {size} gave {count} records: one for each is wanted"
                ))))
            }
            Ok(Poll::Ready(Err(cause))) => Poll::Ready(Err(cause)),
            Err(message) => Poll::Ready(Err(Cause::Panic(message))),
        }
    })
    .await;
    match (guard(|| call.set(None)), end) {
        (Err(message), Ok(_)) => Err(Cause::Panic(message)),
        (_, end) => end,
    }
}

/// The call of a batch has ended: hands on what it gave, or its failure, which is that of try number `attempts`. True when the
/// stage panicked.
pub(crate) async fn conclude_batch<S, F, M, K, E, N>(
    node: &Node,
    way: &mut BatchWay<S, F, K, E>,
    open: &mut Open,
    (kept, metas): (Option<Vec<S::In>>, Vec<M>),
    end: Answered<S::Out, S::Err>,
    attempts: u32,
    next: &mut N,
) -> bool
where
    S: Types<F>,
    M: Meta,
    E: Failures<Batch<S::In>, S::Err, ()>,
    N: Sink<S::Out, M>,
{
    match end {
        Ok(Some(given)) => {
            discard(kept);
            for (record, meta) in given.into_iter().zip(metas) {
                let attempts = meta.attempts().saturating_add(1);
                open.hand_on();
                match give(&node.cell, Env { record, meta }, next).await {
                    Ok(()) => open.finish_one(),
                    Err(message) => {
                        way.fail(node, None, Cause::Panic(message), attempts, 1);
                        open.fail_one();
                        way.seen().await;
                    }
                }
            }
            false
        }
        Ok(None) => {
            discard(kept);
            false
        }
        Err(cause) => {
            let (panicked, records) = (matches!(cause, Cause::Panic(_)), metas.len() as u64);
            way.fail(node, kept.map(Batch::from_vec), cause, attempts, records);
            open.fail();
            way.seen().await;
            panicked
        }
    }
}

impl<S: Types<F>, F, K, E> BatchWay<S, F, K, E>
where
    E: Failures<Batch<S::In>, S::Err, ()>,
{
    /// Hands on the failure of so many records.
    pub(crate) fn fail(&mut self, node: &Node, record: Option<Batch<S::In>>, cause: Cause<S::Err>, attempts: u32, records: u64) {
        let failed = Failed {
            record,
            cause,
            attempts,
            node: node.name,
        };
        if !self.errors.fail(failed, ()) {
            node.cell.unwired.add(records);
        }
    }

    /// A failure is seen at once, however long the next batch takes.
    pub(crate) async fn seen(&mut self) {
        self.errors.flush();
        core::future::poll_fn(|cx| self.errors.poll_settle(cx)).await;
    }
}
