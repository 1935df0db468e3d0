//! What becomes of the calls of [`answer`](super::answer): those that answer at once, the one that waits, and those that are not made.
//!
//! None of these is a method: as arguments of a function the compiler knows node, way and what is next apart from one another and from
//! all that a call may reach, and keeps the state of the loop in registers.

use core::pin::Pin;
use core::task::{Context, Poll};

use crate::edge::{At, Cause, Failures, Sink, discard};
use crate::record::{Env, Meta};
use crate::segment::answer::{Begun, Step};
use crate::segment::chunk::Chunk;
use crate::segment::node::Node;
use crate::segment::run::hand_on;
use crate::segment::way::{Keep, Way};
use crate::stage::{Done, Types};

/// The calls that answer at once. False: the last one waits.
#[inline(never)]
#[expect(clippy::too_many_arguments)]
pub(super) fn turn<S, F, M, K, E, N, H, W, const AT: u64>(
    cx: &mut Context<'_>,
    node: &mut Node,
    way: &mut Way<S, F, M, K, E, AT>,
    next: &mut N,
    held: H,
    chunk: &mut impl Chunk<F, M>,
    take: &mut impl FnMut(Env<F, M>) -> Env<S::In, M>,
    mut work: Pin<&mut Option<W>>,
    call: &mut impl FnMut(Begun, S::In, H) -> W,
) -> bool
where
    S: Types<F, AT>,
    F: Send,
    M: Meta,
    K: Keep<S::In>,
    E: Failures<S::In, S::Err, M>,
    N: Sink<S::Out, M>,
    W: Future<Output = (Step<S::Out, S::Err>, H)>,
{
    let mut held = Some(held);
    let mut waits = false;
    chunk.each(|x, at| {
        // A call that waits keeps it, and ends the chunk: no record comes here after that.
        let Some(lent) = held.take() else { return false };
        let within = at.within(way.mark);
        let Env { record, meta } = take(x);
        way.meta = meta;
        if K::KEEPS {
            way.kept = K::keep(&record);
        }
        work.set(Some(call(Begun::next(node), record, lent)));
        let more = match work.as_mut().as_pin_mut().map_or(Poll::Pending, |work| work.poll(cx)) {
            Poll::Ready((step, lent)) => {
                work.set(None);
                held = Some(lent);
                hand_on(node, way, given(step), next, within.at)
            }
            Poll::Pending => {
                waits = true;
                false
            }
        };
        within.over();
        more
    });
    !waits
}

/// A call waits, unless the pipeline has been aborted: only what waits is cut, what is there at once has come to its end.
#[cold]
pub(super) fn wait<S, F, M, K, E, N, W, const AT: u64>(
    node: &mut Node,
    way: &mut Way<S, F, M, K, E, AT>,
    next: &mut N,
    chunk: &mut impl Chunk<F, M>,
    mut work: Pin<&mut Option<W>>,
) -> Poll<()>
where
    S: Types<F, AT>,
    M: Meta,
    E: Failures<S::In, S::Err, M>,
    N: Sink<S::Out, M>,
{
    if node.lifeline.aborted() {
        let within = chunk.at().within(way.mark);
        work.set(None);
        within.over();
        discard(way.kept.take());
        node.cut();
        chunk.cut();
        return Poll::Ready(());
    }
    // What was written must be seen while we wait, and what was done be counted.
    let emitted = node.pause(chunk.pause());
    next.count(emitted);
    next.flush();
    way.errors.flush();
    Poll::Pending
}

/// Nobody is left to be called: each record fails.
#[cold]
pub(super) fn refuse<S, F, M, K, E, N, const AT: u64>(
    node: &mut Node,
    way: &mut Way<S, F, M, K, E, AT>,
    next: &mut N,
    chunk: &mut impl Chunk<F, M>,
    take: &mut impl FnMut(Env<F, M>) -> Env<S::In, M>,
) -> bool
where
    S: Types<F, AT>,
    M: Meta,
    K: Keep<S::In>,
    E: Failures<S::In, S::Err, M>,
    N: Sink<S::Out, M>,
{
    chunk.each(|x, at| {
        let within = at.within(way.mark);
        let Env { record, meta } = take(x);
        way.meta = meta;
        match K::KEEPS {
            true => way.kept = Some(record),
            false => discard(record),
        }
        let more = hand_on(node, way, Err(Cause::WorkerDead), next, within.at);
        within.over();
        more
    });
    true
}

/// The call that waits goes on. False: it waits again.
#[inline(never)]
pub(super) fn again<S, F, M, K, E, N, H, W, const AT: u64>(
    cx: &mut Context<'_>,
    node: &mut Node,
    way: &mut Way<S, F, M, K, E, AT>,
    next: &mut N,
    at: &mut At,
    mut work: Pin<&mut Option<W>>,
) -> bool
where
    S: Types<F, AT>,
    M: Meta,
    K: Keep<S::In>,
    E: Failures<S::In, S::Err, M>,
    N: Sink<S::Out, M>,
    W: Future<Output = (Step<S::Out, S::Err>, H)>,
{
    let within = at.within(way.mark);
    let polled = work.as_mut().as_pin_mut().map_or(Poll::Pending, |work| work.poll(cx));
    let ended = polled.is_ready();
    if let Poll::Ready((step, _)) = polled {
        work.set(None);
        hand_on(node, way, given(step), next, within.at);
    }
    within.over();
    ended
}

#[inline(always)]
fn given<T, E>(step: Step<T, E>) -> Result<Option<T>, Cause<E>> {
    match step {
        Ok(Done::Last(record) | Done::More(record)) => Ok(Some(record)),
        Ok(Done::End) => Ok(None),
        Err(error) => Err(Cause::Error(error)),
    }
}
