//! The call of an async stage that gives at most one record, as one of a chunk: guarded and counted with the others.

use core::future::poll_fn;
use core::pin::pin;
use core::task::Poll;

use crate::edge::{Cause, Failures, Sink, discard};
use crate::record::{Env, Meta};
use crate::segment::chunk::Pace;
use crate::segment::node::Node;
use crate::segment::way::{Keep, Way};
use crate::stage::{Done, Stage, Work};

/// One call. It never says that the stage has panicked: who guards the chunk sees that.
pub(crate) fn answer<S, F, R, M, K, E, N, const AT: u64>(
    chunk: &mut impl Pace,
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
    // Done here and not at the first poll, so that the future holds no more than the call needs.
    chunk.at().enter(way.mark);
    let Env { record, meta } = x;
    way.meta = meta;
    if K::KEEPS {
        way.kept = K::keep(&record);
    }
    async move {
        if node.dead {
            discard(record);
            node.failed += 1;
            if !way.fail(node, Cause::WorkerDead) {
                chunk.stop();
            }
            return false;
        }
        let given = {
            let mut work = pin!(start!(node, S::start(record, resources, &mut way.scratch)));
            // Most answer at once: for those this holds nothing but the call.
            match poll_fn(|cx| Poll::Ready(work.as_mut().poll_next(cx))).await {
                Poll::Ready(step) => Some(step),
                Poll::Pending => {
                    let mut polled = true;
                    poll_fn(|cx| {
                        if !core::mem::take(&mut polled)
                            && let Poll::Ready(step) = work.as_mut().poll_next(cx)
                        {
                            return Poll::Ready(Some(step));
                        }
                        // Only what waits is cut: what is there at once has come to its end.
                        if node.lifeline.aborted() {
                            return Poll::Ready(None);
                        }
                        // What was written must be seen while we wait, and what was done be counted.
                        let emitted = node.pause(chunk.pause());
                        next.count(emitted);
                        next.flush();
                        way.errors.flush();
                        Poll::Pending
                    })
                    .await
                }
            }
        };
        let more = match given {
            Some(Ok(Done::Last(record) | Done::More(record))) => {
                if K::KEEPS {
                    way.kept = None;
                }
                let meta = core::mem::take(&mut way.meta);
                next.put(Env { record, meta }, chunk.at())
            }
            Some(Ok(Done::End)) => {
                if K::KEEPS {
                    way.kept = None;
                }
                node.ended += 1;
                true
            }
            Some(Err(error)) => {
                node.failed += 1;
                way.fail(node, Cause::Error(error))
            }
            None => {
                discard(way.kept.take());
                node.cut();
                chunk.cut();
                false
            }
        };
        if !more {
            chunk.stop();
        }
        false
    }
}
