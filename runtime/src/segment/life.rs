//! What an `impl` stage gives by itself: on a tick, at its end, when it is pulled.
//!
//! Each such call counts as one record that the node gave itself.

#![expect(
    clippy::manual_async_fn,
    reason = "that a future is `Send` is part of what these promise to generic code"
)]

use core::pin::pin;

use crate::edge::{Cause, Failed, Failures, Sink, guard};
use crate::pipeline::counters::Counter;
use crate::record::Meta;
use crate::segment::node::Node;
use crate::segment::open::Open;
use crate::segment::run::{End, follow};
use crate::segment::way::Way;
use crate::stage::{Inlet, Life, Ticks, Types, Work};

/// The method of a stage that is called for no record.
#[derive(Clone, Copy, PartialEq)]
enum Asked {
    Tick,
    Finish,
    Closed,
    Next,
}

impl Asked {
    /// Its name.
    #[cfg(feature = "testing")]
    fn method(self) -> &'static str {
        match self {
            Asked::Tick => "tick",
            Asked::Finish => "finish",
            Asked::Closed => "closed",
            Asked::Next => "next",
        }
    }
}

/// An `impl` stage at one of its ways in: what it gives by itself is what it gives for a record.
pub trait Lives<F, const AT: u64>:
    Types<F, AT> + Life<Out = <Self as Types<F, AT>>::Out, Err = <Self as Types<F, AT>>::Err>
{
}

impl<S, F, const AT: u64> Lives<F, AT> for S where
    S: Types<F, AT> + Life<Out = <S as Types<F, AT>>::Out, Err = <S as Types<F, AT>>::Err>
{
}

/// Follows one such call; its failure carries no record. True when it panicked.
async fn own<W, In, M, E, N>(
    node: &mut Node,
    errors: &mut E,
    asked: Asked,
    start: impl FnOnce() -> W + Send,
    next: &mut N,
) -> (bool, bool)
where
    W: Work + Send,
    W::Out: Send,
    W::Err: Send + 'static,
    In: Send,
    M: Meta,
    E: Failures<In, W::Err, M>,
    N: Sink<W::Out, M>,
{
    if node.dead {
        // Nothing is asked of it any more.
        return (false, false);
    }
    let mut open = Open::new(node.cell.clone());
    let mut meta = M::default();
    let end = match guard(|| start!(node, method asked.method(), start())) {
        Ok(work) => {
            let work = pin!(Some(work));
            follow(node, &mut open, work, &mut meta, next).await
        }
        Err(message) => End::Failed(Cause::Panic(message)),
    };
    let (panicked, gave) = (matches!(end, End::Failed(Cause::Panic(_))), matches!(end, End::Finished));
    match end {
        End::Filtered if asked == Asked::Next => open.cancel(),
        End::Finished | End::Filtered => open.finish(),
        End::Failed(cause) => {
            let failed = Failed {
                record: None,
                cause,
                attempts: 1,
                node: node.name,
            };
            if !errors.fail(failed, meta) {
                node.cell.unwired.add(1);
            }
            open.fail();
            errors.flush();
            core::future::poll_fn(|cx| errors.poll_settle(cx)).await;
        }
        End::Cut => {}
    }
    (panicked, gave)
}

/// The clock of this node has struck. True when it panicked.
pub fn tick<S, F, M, K, E, N, const AT: u64>(
    node: &mut Node,
    way: &mut Way<S, F, M, K, E, AT>,
    stage: &mut S,
    next: &mut N,
) -> impl Future<Output = bool> + Send
where
    S: Lives<F, AT> + Ticks,
    F: Send,
    M: Meta,
    E: Failures<S::In, <S as Life>::Err, M>,
    N: Sink<<S as Life>::Out, M>,
{
    async move {
        own::<_, S::In, M, _, _>(node, &mut way.errors, Asked::Tick, || S::tick(stage), next)
            .await
            .0
    }
}

/// The node's input has ended: its last word, then those of what it feeds. True when it panicked.
pub fn finish<S, F, M, K, E, N, const AT: u64>(
    node: &mut Node,
    way: &mut Way<S, F, M, K, E, AT>,
    stage: &mut S,
    next: &mut N,
) -> impl Future<Output = bool> + Send
where
    S: Lives<F, AT>,
    F: Send,
    M: Meta,
    E: Failures<S::In, <S as Life>::Err, M>,
    N: Sink<<S as Life>::Out, M>,
{
    async move {
        let mut panicked = false;
        if S::PULLED {
            // What it still holds comes out first.
            loop {
                let held = held(stage);
                let (broke, gave) = own::<_, S::In, M, _, _>(node, &mut way.errors, Asked::Next, || S::next(stage), next).await;
                panicked |= broke;
                // One that failed is followed by another if it made progress.
                if !gave && self::held(stage) >= held {
                    break;
                }
            }
        }
        if S::FINISHES {
            panicked |= own::<_, S::In, M, _, _>(node, &mut way.errors, Asked::Finish, || S::finish(stage), next)
                .await
                .0;
        }
        next.finish().await;
        panicked
    }
}

/// How many records it holds; none, if it cannot say.
fn held(stage: &impl Life) -> usize {
    guard(|| stage.held()).unwrap_or(0)
}

/// An inlet of this join has ended. True when it panicked.
pub fn closed<S, F, M, K, E, N, const AT: u64>(
    node: &mut Node,
    way: &mut Way<S, F, M, K, E, AT>,
    stage: &mut S,
    next: &mut N,
    inlet: Inlet,
) -> impl Future<Output = bool> + Send
where
    S: Lives<F, AT>,
    F: Send,
    M: Meta,
    E: Failures<S::In, <S as Life>::Err, M>,
    N: Sink<<S as Life>::Out, M>,
{
    async move {
        S::CLOSES
            && own::<_, S::In, M, _, _>(node, &mut way.errors, Asked::Closed, || S::closed(stage, inlet), next)
                .await
                .0
    }
}

/// Downstream has room: asks a pulled stage for its next record. Whether it panicked, and whether it gave one.
pub fn pull<S, F, M, K, E, N, const AT: u64>(
    node: &mut Node,
    way: &mut Way<S, F, M, K, E, AT>,
    stage: &mut S,
    next: &mut N,
) -> impl Future<Output = (bool, bool)> + Send
where
    S: Lives<F, AT>,
    F: Send,
    M: Meta,
    E: Failures<S::In, <S as Life>::Err, M>,
    N: Sink<<S as Life>::Out, M>,
{
    async move {
        if S::PULLED {
            own::<_, S::In, M, _, _>(node, &mut way.errors, Asked::Next, || S::next(stage), next).await
        } else {
            (false, false)
        }
    }
}
