//! The calls of an async stage that gives at most one record, with a chunk of them.
//!
//! Most such calls answer at once. So the future of a call is made where it will stay and polled there, and if it is ready the next
//! record is taken: a loop like that of the direct path. Only a call that waits is come back to.

use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::edge::{At, Cause, Failures, Sink, discard};
use crate::record::Meta;
use crate::segment::chunk::Chunk;
use crate::segment::node::Node;
use crate::segment::run::hand_on;
use crate::segment::way::{Keep, Way};
use crate::stage::{Done, Stage, Takes, Types, Work};

/// A call that is about to begin.
pub struct Begun {
    #[cfg(feature = "testing")]
    strike: crate::testing::Strike,
}

impl Begun {
    #[inline(always)]
    fn next(node: &Node) -> Self {
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
type Step<T, E> = Result<Done<T>, E>;

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
    resources: R,
) -> impl Future<Output = ()> + Send
where
    S: Stage<F, R, AT> + Takes<F, AT>,
    F: Send,
    R: Copy + Send,
    M: Meta,
    K: Keep<S::In>,
    E: Failures<S::In, S::Err, M>,
    N: Sink<S::Out, M>,
{
    serve_lending(node, way, next, chunk, (), move |begun, record, ()| Alone {
        call: begun.answer::<F, S, R, AT>(record, resources),
    })
}

/// Calls a stage with each record of a chunk. What it borrows, `held`, each call takes and gives back.
#[inline(always)]
pub fn serve_lending<'p, S, F, M, K, E, N, H, W, const AT: u64>(
    node: &'p mut Node,
    way: &'p mut Way<S, F, M, K, E, AT>,
    next: &'p mut N,
    chunk: impl Chunk<F, M>,
    held: H,
    call: impl FnMut(Begun, S::In, H) -> W + Send,
) -> impl Future<Output = ()> + Send
where
    S: Takes<F, AT>,
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
        held: Some(held),
        call,
        work: None,
    }
}

pin_project! {
    /// See [`serve_lending`].
    struct Calls<'p, X, N, C, H, G, W> {
        node: &'p mut Node,
        way: &'p mut X,
        next: &'p mut N,
        chunk: C,
        // Not where a call has it.
        held: Option<H>,
        call: G,
        #[pin]
        work: Option<W>,
    }
}

impl<S, F, M, K, E, N, C, H, G, W, const AT: u64> Future for Calls<'_, Way<S, F, M, K, E, AT>, N, C, H, G, W>
where
    S: Takes<F, AT>,
    F: Send,
    M: Meta,
    K: Keep<S::In>,
    E: Failures<S::In, S::Err, M>,
    N: Sink<S::Out, M>,
    C: Chunk<F, M>,
    G: FnMut(Begun, S::In, H) -> W,
    W: Future<Output = (Step<S::Out, S::Err>, H)>,
{
    type Output = ();

    #[inline(always)]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut this = self.project();
        let (node, way, next, chunk) = (&mut **this.node, &mut **this.way, &mut **this.next, this.chunk);
        let ended = match this.held.take() {
            Some(_) if node.dead => refuse(node, way, next, chunk),
            Some(held) => turn(cx, node, way, next, held, chunk, this.work.as_mut(), this.call),
            None => again(cx, node, way, next, chunk.at(), this.work.as_mut()),
        };
        if ended {
            return Poll::Ready(());
        }
        wait(node, way, next, chunk, this.work)
    }
}

/// The calls that answer at once. False: the last one waits.
#[inline(never)]
#[expect(clippy::too_many_arguments)]
fn turn<S, F, M, K, E, N, H, W, const AT: u64>(
    cx: &mut Context<'_>,
    node: &mut Node,
    way: &mut Way<S, F, M, K, E, AT>,
    next: &mut N,
    held: H,
    chunk: &mut impl Chunk<F, M>,
    mut work: Pin<&mut Option<W>>,
    call: &mut impl FnMut(Begun, S::In, H) -> W,
) -> bool
where
    S: Takes<F, AT>,
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
        let Some(lent) = held.take() else { return false };
        let within = at.within(way.mark);
        let record = S::take(x.record);
        way.meta = x.meta;
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
fn wait<S, F, M, K, E, N, W, const AT: u64>(
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
fn refuse<S, F, M, K, E, N, const AT: u64>(
    node: &mut Node,
    way: &mut Way<S, F, M, K, E, AT>,
    next: &mut N,
    chunk: &mut impl Chunk<F, M>,
) -> bool
where
    S: Takes<F, AT>,
    M: Meta,
    K: Keep<S::In>,
    E: Failures<S::In, S::Err, M>,
    N: Sink<S::Out, M>,
{
    chunk.each(|x, at| {
        let within = at.within(way.mark);
        let record = S::take(x.record);
        way.meta = x.meta;
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
fn again<S, F, M, K, E, N, H, W, const AT: u64>(
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
