//! Edges: what joins two nodes.
//!
//! Inside a segment a record moves by a call: a node's place *is* the [`Sink`] of what feeds it. At the border of a segment it
//! moves through a ring: an [`Edge`] is the sink that writes it. Everything that a segment does is generic over the two traits here.

mod backlog;
mod coalesce;
mod counted;
mod cursor;
mod cyclic;
mod failures;
mod feed;
mod graded;
mod keyed;
mod lag;
mod lanes;
#[cfg(all(test, forebay_loom))]
mod model;
mod offer;
mod out;
mod path;
mod policy;
mod ranked;
mod room;
#[cfg(all(test, forebay_shuttle))]
mod schedule;
mod shed;

use core::task::{Context, Poll};

use crate::record::Env;
use crate::segment::Chunk;
use crate::stage::Inlet;

pub use backlog::{Backlog, Copied, Keying, keys};
pub use coalesce::{Coalesced, Coalescing};
pub(crate) use counted::Counted;
pub use cursor::{Cursor, Follower};
pub(crate) use cursor::{ENDED, LEFT, Standing};
pub use cyclic::{Acyclic, Cyclic, InCycle};
pub use failures::{Cause, Failed, Failures, Unwired};
pub use feed::Feed;
pub use graded::{Graded, Ranks, ranks};
pub(crate) use keyed::lane_of;
pub use keyed::{Keyed, hash_of, key_of};
pub use lag::{Lagged, Tells, TellsWire, Untold};
pub use lanes::Lanes;
pub(crate) use offer::Countdown;
pub use offer::Offer;
pub use out::Edge;
pub(crate) use path::guarded;
pub use path::{Awaited, Direct, Meeting, Path, Polled};
pub use policy::{DropOldest, Evict, Policy, Refuse, Wait};
pub use ranked::Ranked;
pub use room::Room;
pub use shed::{NotKept, Reason, Shed, ShedInto, Shedding};

/// Where the dispatcher is in the graph: outside the guard, so that a panic finds it.
#[derive(Debug, Default)]
pub struct At {
    mark: usize,
    /// A panic has said so.
    blamed: bool,
}

impl At {
    /// The dispatcher is at the node `mark` until the guard is [`over`](Within::over); this is said only if something panics before
    /// that. The innermost node is the one that counts.
    #[inline(always)]
    pub(crate) fn within(&mut self, mark: usize) -> Within<'_> {
        Within { at: self, mark }
    }

    pub(crate) fn mark(&self) -> usize {
        self.mark
    }
}

/// Dropped by a panic only: see [`At::within`].
pub(crate) struct Within<'a> {
    /// For those further in.
    pub(crate) at: &'a mut At,
    mark: usize,
}

impl Within<'_> {
    #[inline(always)]
    pub(crate) fn over(self) {
        core::mem::forget(self);
    }
}

impl Drop for Within<'_> {
    #[cold]
    fn drop(&mut self) {
        if !self.at.blamed {
            *self.at = At {
                mark: self.mark,
                blamed: true,
            };
        }
    }
}

/// What stands somewhere in a segment: a node with all that it feeds, a group, a route, or an edge out.
pub trait Place: Send {
    /// Some edge below keeps a record that its ring had no room for; no other record is started until it is gone.
    fn blocked(&self) -> bool;

    /// Ready once nothing below is blocked.
    fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<()>;

    /// Ready once every edge below has room for one more record.
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()>;

    /// Publishes what was written and what was counted.
    fn flush(&mut self);

    /// Counts `taken` records that went through the direct path since the last call.
    fn count(&mut self, taken: u64);

    /// The node marked `mark` has panicked: its record has failed. False where it is not below.
    fn panicked(&mut self, mark: usize, message: &str) -> bool;

    /// Counts a record that was meant for this place and has not reached it, as cut.
    fn missed(&mut self);

    /// Gives every stateful node below, in order, its last word.
    fn finish(&mut self) -> impl Future<Output = ()> + Send;

    /// The clock of the node `node` has struck.
    fn tick(&mut self, node: usize) -> impl Future<Output = ()> + Send {
        let _ = node;
        core::future::ready(())
    }

    /// The inlet `inlet` of the join that stands here has ended.
    fn closed(&mut self, inlet: Inlet) -> impl Future<Output = ()> + Send {
        let _ = inlet;
        core::future::ready(())
    }

    /// Asks the pulled stage that stands here for a record; false when it has none for now.
    fn pull(&mut self) -> impl Future<Output = bool> + Send {
        core::future::ready(false)
    }

    /// How many records the pulled stage that stands here holds.
    fn held(&self) -> usize {
        0
    }

    /// It has ended: what the pulled stage that stands here still holds is cut.
    fn cut_held(&mut self) {}

    /// Closes every edge below.
    fn close(&mut self);
}

/// A place that takes records of type `T`, through the inlet `AT` of its node.
pub trait Sink<T, M, const AT: u64 = 0>: Place {
    /// [`Direct`] where everything below is sync and gives at most one record for each: [`put`](Self::put) may be called.
    type Path: Path;

    /// Takes a record on the direct path. Not called while [`blocked`](Place::blocked): this says whether another may follow
    /// at once. The caller guards and counts.
    fn put(&mut self, x: Env<T, M>, at: &mut At) -> bool;

    /// Takes a record on the other path, and resolves when everything below has accepted what came of it.
    ///
    /// It panics only before anything below has had the record: in the user's own `Clone`, `Hash` or `match` on the way.
    fn send(&mut self, x: Env<T, M>) -> impl Future<Output = ()> + Send;

    /// Takes a chunk of records where the path is [`Awaited`], and resolves when everything below has accepted what came of them. The
    /// caller guards each poll, and counts.
    fn serve(&mut self, chunk: impl Chunk<T, M>) -> impl Future<Output = ()> + Send {
        async move {
            drop(chunk);
            unreachable!("only what waits first takes a chunk at once")
        }
    }
}

/// A record on its way to a place. When nobody sees to it any more, it is counted as cut there.
pub(crate) struct Parcel<'a, T, M, P: Sink<T, M, AT>, const AT: u64 = 0> {
    pub(crate) place: &'a mut P,
    x: Option<Env<T, M>>,
}

impl<'a, T: Send, M: Send, P: Sink<T, M, AT>, const AT: u64> Parcel<'a, T, M, P, AT> {
    pub(crate) fn new(place: &'a mut P, x: Env<T, M>) -> Self {
        Parcel { place, x: Some(x) }
    }

    /// Hands it over, by the path that the place allows. The error: it has not got there; who sends it accounts for it.
    pub(crate) async fn deliver(&mut self) -> Result<(), String> {
        let Some(x) = self.x.take() else { return Ok(()) };
        P::Path::send(self.place, x).await
    }

    /// The same; a record that does not get there counts as cut there.
    pub(crate) async fn deliver_or_miss(&mut self) {
        if self.deliver().await.is_err() {
            self.place.missed();
        }
    }
}

impl<T, M, P: Sink<T, M, AT>, const AT: u64> Drop for Parcel<'_, T, M, P, AT> {
    fn drop(&mut self) {
        if let Some(x) = self.x.take() {
            discard(x);
            self.place.missed();
        }
    }
}

/// One record through a direct place, guarded and counted. The error: it has not got there.
pub(crate) fn put_guarded<T, M, P, const AT: u64>(place: &mut P, x: Env<T, M>) -> Result<(), String>
where
    P: Sink<T, M, AT>,
{
    let mut at = At::default();
    if let Err(message) = guard(|| place.put(x, &mut at)) {
        if !place.panicked(at.mark(), &message) {
            return Err(message);
        }
        place.flush();
    }
    place.count(1);
    Ok(())
}

/// Drops what is the user's. Its drop may panic: that is nobody else's failure.
#[inline]
pub(crate) fn discard<T>(x: T) {
    if core::mem::needs_drop::<T>() {
        let _ = guard(|| drop(x));
    }
}

/// Calls `f`, and turns a panic into its message.
pub(crate) fn guard<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    // What `f` touches is either counted from outside (the place) or dropped, so a broken invariant is never seen.
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(f)).map_err(|payload| {
        let text = payload
            .downcast_ref::<&str>()
            .map(|s| (*s).to_owned())
            .or_else(|| payload.downcast_ref::<String>().cloned())
            .unwrap_or_else(|| "a panic that is not a text".to_owned());
        // The payload's own drop may panic again: that is not another record's failure.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(payload)));
        text
    })
}
