//! A call that has ended is handed on.

#![expect(
    clippy::manual_async_fn,
    reason = "that a future is `Send` is part of what these promise to generic code"
)]

use core::future::poll_fn;
use core::task::{Context, Waker};

use super::{Hand, Over};
use crate::edge::{Cause, Failures, Path, Place, Sink, discard};
use crate::pipeline::counters::Counter;
use crate::record::{Env, Meta};
use crate::segment::way::{Keep, Way};
use crate::segment::{Ended, Here, Shell, conclude, rebuild};
use crate::stage::Types;

/// The place of a node with several hands: hands on what their calls gave, and counts how they ended.
pub trait Lands<O>: Place {
    /// What is free then.
    type Free;
    /// Resolves when everything below has accepted what the call gave; true, if the node is dead by now.
    ///
    /// Dropped midway, the record is cut where it is.
    fn land(&mut self, over: O) -> impl Future<Output = (Self::Free, bool)> + Send;

    /// The pipeline has been aborted: what the call gave is cut where it was to go.
    fn leave(&mut self, over: O);
}

impl<P, S, F, M, K, E, A, L> Lands<Over<S, F, M, K, A, L>> for P
where
    P: Shell<Ways = Way<S, F, M, K, E>>,
    P::Next: Sink<S::Out, M>,
    S: Types<F> + Send,
    F: Send,
    M: Meta,
    K: Keep<S::In>,
    E: Failures<S::In, S::Err, M>,
    A: Send,
    L: Send,
{
    type Free = Hand<S, F, M, K, A, L>;

    fn land(&mut self, over: Over<S, F, M, K, A, L>) -> impl Future<Output = (Self::Free, bool)> + Send {
        async move {
            let Over { mut hand, mut tries } = over;
            let Here { node, ways: way, next } = self.here_mut();
            let own = &mut hand.way.way;
            let (mut ended, attempts) = tries.ended(own);
            (way.kept, way.meta) = (own.kept.take(), core::mem::take(&mut own.meta));
            if let Some(x) = hand.given.take()
                && let Err(message) = accept(next, x).await
            {
                // It was never given: the user's own code panicked on the way.
                node.cell.emitted.sub(1);
                ended = Ended::Failed(Cause::Panic(message));
            }
            let panicked = conclude(node, way, &mut tries.open, ended, attempts);
            if way.errors.blocked() {
                way.errors.flush();
                poll_fn(|cx| way.errors.poll_settle(cx)).await;
            }
            if panicked {
                rebuild(self);
            }
            (hand, self.here().node.dead)
        }
    }

    fn leave(&mut self, over: Over<S, F, M, K, A, L>) {
        let Over { mut hand, mut tries } = over;
        let Here { node, ways: way, next } = self.here_mut();
        if way.errors.blocked() {
            // What it holds is cut: nothing waits in a pipeline that has been aborted.
            let _ = way.errors.poll_settle(&mut Context::from_waker(Waker::noop()));
        }
        let own = &mut hand.way.way;
        let (ended, attempts) = tries.ended(own);
        (way.kept, way.meta) = (own.kept.take(), core::mem::take(&mut own.meta));
        if let Some(x) = hand.given.take() {
            discard(x);
            next.missed();
        }
        conclude(node, way, &mut tries.open, ended, attempts);
    }
}

/// Resolves when everything below has accepted it.
async fn accept<T: Send, M: Meta, N: Sink<T, M>>(next: &mut N, x: Env<T, M>) -> Result<(), String> {
    match N::Path::put_now(next, x) {
        Ok(put) => {
            if next.blocked() {
                next.flush();
                poll_fn(|cx| next.poll_settle(cx)).await;
            }
            put
        }
        Err(x) => N::Path::send(next, x).await,
    }
}
