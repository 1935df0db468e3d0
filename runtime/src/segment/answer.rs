//! The calls of an async stage that gives at most one record, with a chunk of them.
//!
//! Most such calls answer at once. So the future of a call is made where it will stay and polled there, and if it is ready the next
//! record is taken: a loop like that of the direct path, in [`calls`](super::calls). Only a call that waits is come back to.

use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::edge::{Failures, Sink};
use crate::record::{Env, Meta};
use crate::segment::calls::{again, refuse, turn, wait};
use crate::segment::chunk::Chunk;
use crate::segment::node::Node;
use crate::segment::way::{Keep, Way};
use crate::stage::{Done, Stage, Types, Work};

/// A call that is about to begin.
pub struct Begun {
    #[cfg(feature = "testing")]
    strike: crate::testing::Strike,
}

impl Begun {
    #[inline(always)]
    pub(super) fn next(node: &Node) -> Self {
        let _ = node;
        Begun {
            #[cfg(feature = "testing")]
            strike: crate::testing::Strike::next(node, None),
        }
    }

    /// Begins it.
    #[inline(always)]
    pub fn answer<F, S, R, const AT: u64>(self, record: S::In, resources: R) -> impl Future<Output = Step<S::Out, S::Err>> + Send
    where
        S: Stage<F, R, AT>,
    {
        let begin = || S::answer(record, resources);
        #[cfg(not(feature = "testing"))]
        let work = begin();
        #[cfg(feature = "testing")]
        let work = self.strike.work(begin);
        First { work }
    }
}

/// What a call gives: at most one record, or how it has failed.
pub(super) type Step<T, E> = Result<Done<T>, E>;

pin_project! {
    /// The one step of a call.
    struct First<W> {
        #[pin]
        work: W,
    }
}

impl<W: Work> Future for First<W> {
    type Output = Step<W::Out, W::Err>;

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().work.poll_next(cx)
    }
}

pin_project! {
    /// A call that gives nothing back.
    struct Alone<F> {
        #[pin]
        call: F,
    }
}

impl<F: Future> Future for Alone<F> {
    type Output = (F::Output, ());

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.project().call.poll(cx).map(|output| (output, ()))
    }
}

/// Calls a stage with each record of a chunk, and lends it the same again and again.
pub fn serve<'p, S, F, R, M, K, E, N, const AT: u64>(
    node: &'p mut Node,
    way: &'p mut Way<S, F, M, K, E, AT>,
    next: &'p mut N,
    chunk: impl Chunk<F, M>,
    take: impl FnMut(Env<F, M>) -> Env<S::In, M> + Send,
    mut lend: impl FnMut() -> R + Send,
) -> impl Future<Output = ()> + Send
where
    S: Stage<F, R, AT>,
    F: Send,
    R: Send,
    M: Meta,
    K: Keep<S::In>,
    E: Failures<S::In, S::Err, M>,
    N: Sink<S::Out, M>,
{
    serve_lending(node, way, next, chunk, take, (), move |begun, record, ()| Alone {
        call: begun.answer::<F, S, R, AT>(record, lend()),
    })
}

/// Calls a stage with each record of a chunk. What it borrows, `held`, each call takes and gives back.
#[inline(always)]
pub fn serve_lending<'p, S, F, M, K, E, N, H, W, const AT: u64>(
    node: &'p mut Node,
    way: &'p mut Way<S, F, M, K, E, AT>,
    next: &'p mut N,
    chunk: impl Chunk<F, M>,
    take: impl FnMut(Env<F, M>) -> Env<S::In, M> + Send,
    held: H,
    call: impl FnMut(Begun, S::In, H) -> W + Send,
) -> impl Future<Output = ()> + Send
where
    S: Types<F, AT>,
    F: Send,
    M: Meta,
    K: Keep<S::In>,
    E: Failures<S::In, S::Err, M>,
    N: Sink<S::Out, M>,
    H: Send,
    W: Future<Output = (Step<S::Out, S::Err>, H)> + Send,
{
    Calls {
        node,
        way,
        next,
        chunk,
        take,
        held: Some(held),
        call,
        work: None,
    }
}

pin_project! {
    /// See [`serve_lending`].
    struct Calls<'p, X, N, C, T, H, G, W> {
        node: &'p mut Node,
        way: &'p mut X,
        next: &'p mut N,
        chunk: C,
        take: T,
        // Not where a call has it.
        held: Option<H>,
        call: G,
        #[pin]
        work: Option<W>,
    }
}

impl<S, F, M, K, E, N, C, T, H, G, W, const AT: u64> Future for Calls<'_, Way<S, F, M, K, E, AT>, N, C, T, H, G, W>
where
    S: Types<F, AT>,
    F: Send,
    M: Meta,
    K: Keep<S::In>,
    E: Failures<S::In, S::Err, M>,
    N: Sink<S::Out, M>,
    C: Chunk<F, M>,
    T: FnMut(Env<F, M>) -> Env<S::In, M>,
    G: FnMut(Begun, S::In, H) -> W,
    W: Future<Output = (Step<S::Out, S::Err>, H)>,
{
    type Output = ();

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let (node, way, next, chunk) = (&mut **this.node, &mut **this.way, &mut **this.next, this.chunk);
        let ended = match this.held.take() {
            Some(_) if node.dead => refuse(node, way, next, chunk, this.take),
            Some(held) => turn(cx, node, way, next, held, chunk, this.take, this.work.as_mut(), this.call),
            None => again(cx, node, way, next, chunk.at(), this.work.as_mut()),
        };
        if ended {
            return Poll::Ready(());
        }
        wait(node, way, next, chunk, this.work)
    }
}
