//! The two paths of a record through a node.

use core::ops::Deref;
use core::pin::{Pin, pin};
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::edge::{At, Cause, Failures, Path, Sink, discard, guard};
use crate::pipeline::NodeCell;
use crate::pipeline::counters::Counter;
use crate::record::{Env, Meta};
use crate::segment::node::{Node, Shell};
use crate::segment::open::Open;
use crate::segment::turn::{Turn, rest};
use crate::segment::way::{Keep, Way};
use crate::stage::{Done, Stage, Types, Work};

/// The path through the stage `S` in the place `P`, and through all that it feeds.
pub type PathOf<P, S, F, M, const AT: u64> =
    <<S as Types<F, AT>>::Path as Path>::And<<<P as Shell>::Next as Sink<<S as Types<F, AT>>::Out, M>>::Path>;

/// The direct path: one call, and what it gives is put into `next`. The caller guards and counts. False: something is blocked now.
#[inline(always)]
pub fn call<S, F, R, M, K, E, N, const AT: u64>(
    node: &mut Node,
    way: &mut Way<S, F, M, K, E, AT>,
    x: Env<S::In, M>,
    resources: R,
    next: &mut N,
    at: &mut At,
) -> bool
where
    S: Stage<F, R, AT>,
    M: Meta,
    K: Keep<S::In>,
    E: Failures<S::In, S::Err, M>,
    N: Sink<S::Out, M>,
{
    let within = at.within(way.mark);
    way.meta = x.meta;
    if K::KEEPS {
        way.kept = K::keep(&x.record);
    }
    let given = if node.dead {
        discard(x.record);
        Err(Cause::WorkerDead)
    } else if let Some(error) = struck(node) {
        discard(x.record);
        Err(Cause::Error(error))
    } else {
        S::now(x.record, resources, &mut way.scratch).map_err(Cause::Error)
    };
    let more = match given {
        Ok(given) => {
            if K::KEEPS {
                way.kept = None;
            }
            match given {
                Some(record) => {
                    let meta = core::mem::take(&mut way.meta);
                    next.put(Env { record, meta }, within.at)
                }
                None => {
                    node.ended += 1;
                    true
                }
            }
        }
        Err(cause) => {
            node.failed += 1;
            way.fail(node, cause)
        }
    };
    within.over();
    more
}

/// What a call of a direct node has given goes into `next`, or its failure to where failures go. False: something is blocked now.
#[inline(always)]
pub(super) fn hand_on<S, F, M, K, E, N, const AT: u64>(
    node: &mut Node,
    way: &mut Way<S, F, M, K, E, AT>,
    given: Result<Option<S::Out>, Cause<S::Err>>,
    next: &mut N,
    at: &mut At,
) -> bool
where
    S: Types<F, AT>,
    M: Meta,
    K: Keep<S::In>,
    E: Failures<S::In, S::Err, M>,
    N: Sink<S::Out, M>,
{
    match given {
        Ok(given) => {
            if K::KEEPS {
                way.kept = None;
            }
            match given {
                Some(record) => {
                    let meta = core::mem::take(&mut way.meta);
                    next.put(Env { record, meta }, at)
                }
                None => {
                    node.ended += 1;
                    true
                }
            }
        }
        Err(cause) => {
            node.failed += 1;
            way.fail(node, cause)
        }
    }
}

/// What a test does to this call in place of the stage.
#[inline(always)]
fn struck<E: 'static>(node: &Node) -> Option<E> {
    #[cfg(feature = "testing")]
    return crate::testing::Strike::next(node, None).direct();
    #[cfg(not(feature = "testing"))]
    {
        let _ = node;
        None
    }
}

/// The other path: the call is polled, guarded each time, and each record that it gives is delivered before the next is asked for.
///
/// True when the stage panicked: the node's locals are to be built anew. Dropped midway, the record counts as cut.
pub fn run<S, F, R, M, K, E, N, const AT: u64>(
    node: &mut Node,
    way: &mut Way<S, F, M, K, E, AT>,
    x: Env<S::In, M>,
    resources: R,
    next: &mut N,
) -> impl Future<Output = bool> + Send
where
    S: Stage<F, R, AT>,
    F: Send,
    R: Send,
    M: Meta,
    K: Keep<S::In>,
    E: Failures<S::In, S::Err, M>,
    N: Sink<S::Out, M>,
{
    // Counted here and not at the first poll, so that a call that is never polled is accounted for.
    let node = &*node;
    let mut open = Open::new(&*node.cell);
    way.meta = x.meta;
    let record = x.record;
    async move {
        let end = if node.dead {
            match K::KEEPS {
                true => way.kept = Some(record),
                false => discard(record),
            }
            End::Failed(Cause::WorkerDead)
        } else {
            let Way { kept, scratch, meta, .. } = &mut *way;
            let started = guard(|| {
                if K::KEEPS {
                    *kept = K::keep(&record);
                }
                start!(node, S::start(record, resources, scratch))
            });
            match started {
                Ok(work) => {
                    let work = pin!(Some(work));
                    follow(node, &mut open, work, meta, next).await
                }
                Err(message) => End::Failed(Cause::Panic(message)),
            }
        };
        let attempts = way.meta.attempts().saturating_add(1);
        let panicked = conclude(node, way, &mut open, end, attempts);
        if way.errors.blocked() {
            core::future::poll_fn(|cx| way.errors.poll_settle(cx)).await;
        }
        panicked
    }
}

/// The call has ended: counts the record, and hands on its failure, which is that of try number `attempts`; who calls waits where
/// that blocks. True when the stage panicked.
pub(crate) fn conclude<S, F, M, K, E, const AT: u64>(
    node: &Node,
    way: &mut Way<S, F, M, K, E, AT>,
    open: &mut Open<impl Deref<Target = NodeCell>>,
    end: End<S::Err>,
    attempts: u32,
) -> bool
where
    S: Types<F, AT>,
    M: Meta,
    E: Failures<S::In, S::Err, M>,
{
    let panicked = matches!(end, End::Failed(Cause::Panic(_)));
    match end {
        End::Finished => {
            discard(way.kept.take());
            open.finish();
        }
        End::Filtered => {
            discard(way.kept.take());
            if node.filters {
                node.cell.dropped.add(1);
            }
            open.finish();
        }
        End::Failed(cause) => {
            way.fail_at(node, cause, attempts);
            open.fail();
            // Seen at once, however long the next record takes.
            way.errors.flush();
        }
        End::Cut => discard(way.kept.take()),
    }
    panicked
}

/// How a call ended.
pub(crate) enum End<E> {
    Finished,
    Filtered,
    Failed(Cause<E>),
    Cut,
}

/// Follows a call to its end.
pub(crate) async fn follow<W, M, N>(
    node: &Node,
    open: &mut Open<impl Deref<Target = NodeCell>>,
    mut work: Pin<&mut Option<W>>,
    meta: &mut M,
    next: &mut N,
) -> End<W::Err>
where
    W: Work + Send,
    W::Out: Send,
    W::Err: Send,
    M: Meta,
    N: Sink<W::Out, M>,
{
    let (mut given, mut turn) = (0_u64, Turn::default());
    let end = loop {
        let step = core::future::poll_fn(|cx| {
            // Outside of the guard: what it gave is dropped under another, should it panic when it goes.
            let mut polled = Poll::Pending;
            let guarded = guard(|| {
                let Some(at_work) = work.as_mut().as_pin_mut() else { return };
                polled = at_work.poll_next(cx);
                if let Poll::Ready(Ok(Done::Last(_))) = polled {
                    // It has ended; its own drop may panic, and then it has failed and given nothing.
                    work.set(None);
                }
            });
            match guarded.map(|()| core::mem::replace(&mut polled, Poll::Pending)) {
                Ok(Poll::Ready(step)) => Poll::Ready(step.map(Some).map_err(Cause::Error)),
                // Only what waits is cut: what is there at once has come to its end.
                Ok(Poll::Pending) if node.lifeline.aborted() => Poll::Ready(Ok(None)),
                Ok(Poll::Pending) => {
                    // What was written must be seen while we wait.
                    next.flush();
                    Poll::Pending
                }
                Err(message) => {
                    discard(polled);
                    Poll::Ready(Err(Cause::Panic(message)))
                }
            }
        })
        .await;
        match step {
            Ok(Some(Done::More(record))) => {
                given += 1;
                let meta = meta.clone();
                if let Err(message) = give(&node.cell, Env { record, meta }, next).await {
                    break End::Failed(Cause::Panic(message));
                }
                if node.lifeline.aborted() {
                    break End::Cut;
                }
                if turn.is_over() {
                    next.flush();
                    rest().await;
                }
            }
            Ok(Some(Done::Last(record))) => {
                let meta = core::mem::take(meta);
                open.hand_on();
                let x = Env { record, meta };
                // Where nothing below waits, no future is made for it.
                let sent = match N::Path::put_now(next, x) {
                    Ok(sent) => {
                        node.cell.emitted.add(u64::from(sent.is_ok()));
                        if next.blocked() {
                            next.flush();
                            core::future::poll_fn(|cx| next.poll_settle(cx)).await;
                        }
                        sent
                    }
                    Err(x) => give(&node.cell, x, next).await,
                };
                match sent {
                    Ok(()) => break End::Finished,
                    Err(message) => break End::Failed(Cause::Panic(message)),
                }
            }
            Ok(Some(Done::End)) => break if given == 0 { End::Filtered } else { End::Finished },
            Ok(None) => break End::Cut,
            Err(cause) => break End::Failed(cause),
        }
    };
    if let (End::Failed(Cause::Panic(_)), Some(work)) = (&end, work.as_mut().as_pin_mut())
        && let Ok(Some(record)) = guard(|| work.left())
    {
        // It was given before the panic, so it goes on.
        let meta = meta.clone();
        let _ = give(&node.cell, Env { record, meta }, next).await;
    }
    if work.as_ref().get_ref().is_none() {
        return end;
    }
    // The user's own drop may panic: that is this call's failure, not the segment's.
    match guard(|| work.set(None)) {
        Ok(()) => end,
        Err(message) if matches!(end, End::Failed(_)) => {
            drop(message);
            end
        }
        Err(message) => End::Failed(Cause::Panic(message)),
    }
}

/// Hands on what a node gave, and counts it. The error: it was never given, since the user's own code panicked on the way.
pub(crate) fn give<'a, T, M, N>(
    cell: &'a NodeCell,
    x: Env<T, M>,
    next: &'a mut N,
) -> Giving<'a, impl Future<Output = Result<(), String>> + Send>
where
    T: Send,
    M: Meta,
    N: Sink<T, M>,
{
    cell.emitted.add(1);
    Giving {
        sent: N::Path::send(next, x),
        cell,
    }
}

pin_project! {
    /// See [`give`].
    pub(crate) struct Giving<'a, F> {
        #[pin]
        sent: F,
        cell: &'a NodeCell,
    }
}

impl<F: Future<Output = Result<(), String>>> Future for Giving<'_, F> {
    type Output = Result<(), String>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let sent = core::task::ready!(this.sent.poll(cx));
        if sent.is_err() {
            this.cell.emitted.sub(1);
        }
        Poll::Ready(sent)
    }
}
