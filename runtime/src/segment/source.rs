//! Sources: streams and clocks.

use core::pin::pin;
use core::task::Poll;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::edge::{Cause, Failed, Failures, Parcel, Place, Sink, guard};
use crate::pipeline::Lifeline;
use crate::pipeline::counters::Counter;
use crate::record::{Env, Meta};
use crate::rt::Rt;
use crate::segment::node::Node;
use crate::segment::run::Open;
use crate::stage::{Done, Nothing, Work};

/// What `every 30s` gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tick {
    /// How many came before.
    pub count: u64,
    /// When it came, by the wall clock.
    pub at: SystemTime,
}

/// A place that is closed when its source ends, however that is.
struct Outgoing<P: Place> {
    place: P,
    lifeline: Arc<Lifeline>,
    ended: bool,
}

impl<P: Place> Outgoing<P> {
    async fn end(mut self) {
        if !self.lifeline.aborted() {
            self.place.finish().await;
            core::future::poll_fn(|cx| self.place.poll_settle(cx)).await;
        }
        self.ended = true;
    }
}

impl<P: Place> Drop for Outgoing<P> {
    fn drop(&mut self) {
        if !self.ended {
            self.lifeline.abort();
        }
        self.place.flush();
        self.place.close();
    }
}

/// Runs a source until its stream ends, or the pipeline drains: at a record boundary.
///
/// Each record counts as one that the node gave itself. A stream that fails or panics has ended.
pub fn source<W, M, E, N>(node: Node, mut errors: E, open: impl FnOnce() -> W + Send, next: N) -> impl Future<Output = ()> + Send
where
    W: Work + Send,
    W::Out: Send,
    W::Err: Send,
    M: Meta,
    E: Failures<Nothing, W::Err, M>,
    N: Sink<W::Out, M>,
{
    let mut out = Outgoing {
        place: next,
        lifeline: node.lifeline.clone(),
        ended: false,
    };
    async move {
        let failure = match guard(open) {
            Err(message) => Some(Cause::Panic(message)),
            Ok(work) => {
                let mut work = pin!(work);
                loop {
                    let step = core::future::poll_fn(|cx| {
                        if node.lifeline.draining() {
                            return Poll::Ready(Ok(Done::End));
                        }
                        match guard(|| work.as_mut().poll_next(cx)) {
                            Ok(Poll::Ready(step)) => Poll::Ready(step.map_err(Cause::Error)),
                            Ok(Poll::Pending) => {
                                out.place.flush();
                                Poll::Pending
                            }
                            Err(message) => Poll::Ready(Err(Cause::Panic(message))),
                        }
                    })
                    .await;
                    match step {
                        Ok(Done::More(record)) => give::<_, M, _>(&node, record, &mut out.place).await,
                        Ok(Done::Last(record)) => {
                            give::<_, M, _>(&node, record, &mut out.place).await;
                            break None;
                        }
                        Ok(Done::End) => break None,
                        Err(cause) => break Some(cause),
                    }
                }
            }
        };
        if let Some(cause) = failure {
            let mut open = Open::new(node.cell.clone());
            let failed = Failed {
                record: None,
                cause,
                attempts: 1,
                node: node.name,
            };
            if !errors.fail(failed, M::default()) {
                node.cell.unwired.add(1);
            }
            open.fail();
            core::future::poll_fn(|cx| errors.poll_settle(cx)).await;
        }
        errors.flush();
        errors.close();
        out.end().await;
    }
}

/// Runs `every PERIOD`: the first tick after one period; strokes that were missed are not made up for.
pub fn every<R, M, N>(node: Node, rt: R, period: Duration, next: N) -> impl Future<Output = ()> + Send
where
    R: Rt,
    M: Meta,
    N: Sink<Tick, M>,
{
    let mut out = Outgoing {
        place: next,
        lifeline: node.lifeline.clone(),
        ended: false,
    };
    async move {
        let (mut count, mut due) = (0, rt.now() + period);
        loop {
            out.place.flush();
            {
                let mut sleep = pin!(rt.sleep_until(due));
                core::future::poll_fn(|cx| {
                    if node.lifeline.draining() {
                        Poll::Ready(())
                    } else {
                        sleep.as_mut().poll(cx)
                    }
                })
                .await;
            }
            if node.lifeline.draining() {
                break;
            }
            give::<_, M, _>(
                &node,
                Tick {
                    count,
                    at: SystemTime::now(),
                },
                &mut out.place,
            )
            .await;
            count += 1;
            due = (due + period).max(rt.now());
        }
        out.end().await;
    }
}

/// One record that the node gave itself.
async fn give<T: Send, M: Meta, N: Sink<T, M>>(node: &Node, record: T, next: &mut N) {
    let mut open = Open::new(node.cell.clone());
    node.cell.emitted.add(1);
    Parcel::new(next, Env::new(record)).deliver().await;
    open.finish();
}
