//! The two paths of a record through what stands below a place, as types.
//!
//! They are types and not constants, so that the future of a direct place holds nothing of what is below it: a long run of sync
//! stages costs the compiler no more than a short one.

use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::edge::{Sink, guard, put_guarded};
use crate::record::{Env, Meta};
use crate::ring::Reader;
use crate::segment::{Lane, Served, all, one_by_one};

pub use crate::stage::path::{Awaited, Direct, Polled};

/// Which path a place allows.
pub trait Path: 'static {
    /// It is the direct one.
    const DIRECT: bool;
    /// The path through this and then through `P`, or through one of the two.
    type And<P: Path>: Path;
    /// The path through this and through `P` with the same record.
    type Beside<P: Path>: Path;
    /// The path through this, below a direct node.
    type Under: Path;
    /// The path through this, below a stage that waits and gives at most one record.
    type UnderAwaited: Path;
    /// The same, with a node below that others call too.
    type Meets: Path;
    /// The path through this and, with the same record, through another that may meet it.
    type MeetsBeside: Path;

    /// Hands a record to a place. The error: what the user's own code said when it panicked on the way, before anybody had
    /// the record; who sends it accounts for it.
    fn send<T, M, P, const AT: u64>(place: &mut P, x: Env<T, M>) -> impl Future<Output = Result<(), String>> + Send
    where
        T: Send,
        M: Send,
        P: Sink<T, M, AT>,
    {
        guarded(|| place.send(x))
    }

    /// The same at once, where nothing below waits: then see whether it is [`blocked`](crate::edge::Place::blocked). Otherwise the
    /// record comes back.
    #[inline]
    fn put_now<T, M, P, const AT: u64>(place: &mut P, x: Env<T, M>) -> Result<Result<(), String>, Env<T, M>>
    where
        P: Sink<T, M, AT>,
    {
        let _ = place;
        Err(x)
    }

    /// Takes a record of a lane on the other path, or up to `most`.
    fn serve<R, T, M, MN, P, const AT: u64>(
        lane: &mut Lane<R, T, M, MN, AT>,
        place: &mut P,
        most: usize,
    ) -> impl Future<Output = Served> + Send
    where
        T: Send,
        M: Meta,
        MN: Meta,
        R: Reader<Env<T, M>>,
        P: Sink<T, MN, AT>,
    {
        let _ = most;
        one_by_one(lane, place)
    }
}

/// [`Direct`], to a node that others of the same segment call too. Two of them, side by side, are [`Polled`]: one record would come
/// twice to an edge which can keep one when its ring is full.
#[derive(Debug)]
pub enum Meeting {}

impl Path for Direct {
    const DIRECT: bool = true;
    type And<P: Path> = P::Under;
    type Beside<P: Path> = P::Under;
    type Under = Direct;
    type UnderAwaited = Awaited;
    type Meets = Meeting;
    type MeetsBeside = Meeting;

    async fn send<T, M, P, const AT: u64>(place: &mut P, x: Env<T, M>) -> Result<(), String>
    where
        T: Send,
        M: Send,
        P: Sink<T, M, AT>,
    {
        put_guarded(place, x)?;
        if place.blocked() {
            // What its siblings were given must be seen while one of them waits.
            place.flush();
            poll_fn(|cx| place.poll_settle(cx)).await;
        }
        Ok(())
    }

    #[inline]
    fn put_now<T, M, P, const AT: u64>(place: &mut P, x: Env<T, M>) -> Result<Result<(), String>, Env<T, M>>
    where
        P: Sink<T, M, AT>,
    {
        Ok(put_guarded(place, x))
    }
}

impl Path for Meeting {
    const DIRECT: bool = true;
    type And<P: Path> = P::Meets;
    type Beside<P: Path> = P::MeetsBeside;
    type Under = Meeting;
    type UnderAwaited = Awaited;
    type Meets = Meeting;
    type MeetsBeside = Polled;

    fn send<T, M, P, const AT: u64>(place: &mut P, x: Env<T, M>) -> impl Future<Output = Result<(), String>> + Send
    where
        T: Send,
        M: Send,
        P: Sink<T, M, AT>,
    {
        Direct::send(place, x)
    }

    #[inline]
    fn put_now<T, M, P, const AT: u64>(place: &mut P, x: Env<T, M>) -> Result<Result<(), String>, Env<T, M>>
    where
        P: Sink<T, M, AT>,
    {
        Ok(put_guarded(place, x))
    }
}

impl Path for Awaited {
    const DIRECT: bool = false;
    type And<P: Path> = P::UnderAwaited;
    type Beside<P: Path> = Polled;
    type Under = Polled;
    type UnderAwaited = Polled;
    type Meets = Polled;
    type MeetsBeside = Polled;

    fn serve<R, T, M, MN, P, const AT: u64>(
        lane: &mut Lane<R, T, M, MN, AT>,
        place: &mut P,
        most: usize,
    ) -> impl Future<Output = Served> + Send
    where
        T: Send,
        M: Meta,
        MN: Meta,
        R: Reader<Env<T, M>>,
        P: Sink<T, MN, AT>,
    {
        all(lane, place, most)
    }
}

impl Path for Polled {
    const DIRECT: bool = false;
    type And<P: Path> = Polled;
    type Beside<P: Path> = Polled;
    type Under = Polled;
    type UnderAwaited = Polled;
    type Meets = Polled;
    type MeetsBeside = Polled;
}

pin_project! {
    /// A future, each poll of it guarded.
    #[project = GuardedPolled]
    pub(crate) enum Guarded<F> {
        Made { #[pin] future: F },
        // It panicked when it was made.
        Failed { message: Option<String> },
    }
}

/// Makes a future and follows it, each step guarded.
pub(crate) fn guarded<F: Future>(make: impl FnOnce() -> F) -> Guarded<F> {
    match guard(make) {
        Ok(future) => Guarded::Made { future },
        Err(message) => Guarded::Failed { message: Some(message) },
    }
}

impl<F: Future> Future for Guarded<F> {
    type Output = Result<F::Output, String>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            GuardedPolled::Made { future } => match guard(|| future.poll(cx)) {
                Ok(polled) => polled.map(Ok),
                Err(message) => Poll::Ready(Err(message)),
            },
            GuardedPolled::Failed { message } => Poll::Ready(Err(message.take().unwrap_or_default())),
        }
    }
}
