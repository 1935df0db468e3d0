//! The readers of a `broadcast` or `latest` ring: each sees every record at its own pace, and is told what it has missed.

use core::cell::Cell;
use core::task::{Context, Poll};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::{Acquire, Release};

use crate::edge::{Edge, Lanes, Place, Policy, guard};
use crate::pipeline::counters::Counter;
use crate::pipeline::{Component, TakeCell};
use crate::record::{Env, Meta};
use crate::ring::{Reader, Writer, broadcast, latest};

/// What the reader of a `broadcast` or a `latest` has missed: what `node.lagged` yields.
///
/// The records were overwritten before the node's task came to read them. Each counts once: the sum over all of these is what the
/// ledger calls `lost` of this reader. While the wire is full the count is kept, and told with the next; the last one is told when the
/// reader ends, and counts as `shed` of the wire if there is no room even then.
///
/// ```
/// use forebay::prelude::*;
///
/// #[stage]
/// fn warn(lagged: Lagged) -> String {
///     format!("{} is too slow for {}: {} missed", lagged.reader, lagged.ring, lagged.missed)
/// }
///
/// assert_eq!(warn(Lagged::new("readings", "store", 3)), "store is too slow for readings: 3 missed");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lagged {
    /// How many records it missed since it was told last; at least 1.
    pub missed: u64,
    /// The topic, or the node whose records they were.
    pub ring: &'static str,
    /// The reader: the node, or the inlet.
    pub reader: &'static str,
}

impl Lagged {
    /// A lag, for a stage's own tests.
    pub const fn new(ring: &'static str, reader: &'static str, missed: u64) -> Self {
        Lagged { missed, ring, reader }
    }
}

/// The end of a ring that overwrites what a slow reader has not read.
pub trait Follower<T>: Reader<T> {
    /// How many records it has lost since this was asked last.
    fn take_lost(&mut self) -> u64;
}

impl<T: Clone + Send + Sync + 'static, const N: usize> Follower<T> for broadcast::Subscriber<T, N> {
    #[inline]
    fn take_lost(&mut self) -> u64 {
        broadcast::Subscriber::take_lost(self)
    }
}

impl<T: Clone + Send + Sync + 'static, const SLOTS: usize> Follower<T> for latest::Watcher<T, SLOTS> {
    #[inline]
    fn take_lost(&mut self) -> u64 {
        latest::Watcher::take_lost(self)
    }
}

impl<T, R: Follower<T>> Follower<T> for Lanes<R> {
    #[inline]
    fn take_lost(&mut self) -> u64 {
        self.each().map(Follower::take_lost).sum()
    }
}

/// How far a reader has come, for the ledger. At first it reads.
#[derive(Debug, Default)]
pub(crate) struct Standing(AtomicU8);

/// It has left before the end: what comes later is cut for it.
pub(crate) const LEFT: u8 = 1;
/// It has seen the end, so it has seen or missed everything.
pub(crate) const ENDED: u8 = 2;

impl Standing {
    pub(crate) fn get(&self) -> u8 {
        self.0.load(Acquire)
    }

    /// It never goes back.
    fn reach(&self, standing: u8) {
        self.0.fetch_max(standing, Release);
    }
}

/// Where a reader's lag is told. It never waits.
pub trait Tells: Send {
    /// Tells; false when there is no room for it now.
    fn tell(&mut self, lagged: Lagged) -> bool;
    /// See [`Place::flush`].
    fn flush(&mut self) {}
    /// The last word, whether there is room or not; then see [`Place::close`].
    fn close(&mut self, last: Option<Lagged>) {
        let _ = last;
    }
}

/// No `.lagged` wire: the ledger alone knows.
#[derive(Debug, Default)]
pub struct Untold;

impl Tells for Untold {
    #[inline]
    fn tell(&mut self, _lagged: Lagged) -> bool {
        true
    }
}

/// A `.lagged` wire.
pub struct TellsWire<E>(pub E);

impl<M, W, P> Tells for TellsWire<Edge<Lagged, M, W, P>>
where
    M: Meta,
    W: Writer<Env<Lagged, M>>,
    P: Policy<Lagged, M, W>,
{
    fn tell(&mut self, lagged: Lagged) -> bool {
        let room = self.0.has_room();
        if room {
            self.0.write(Env::new(lagged));
        }
        room
    }
    fn flush(&mut self) {
        Place::flush(&mut self.0);
    }
    fn close(&mut self, last: Option<Lagged>) {
        last.into_iter().for_each(|lagged| self.0.write(Env::new(lagged)));
        Place::close(&mut self.0);
    }
}

/// What is to be told of one reader's lag.
struct Report<L: Tells> {
    lags: L,
    of: &'static str,
    reader: &'static str,
    /// Missed, and not told yet: the wire was full.
    untold: u64,
}

impl<L: Tells> Report<L> {
    fn tell(&mut self, lost: u64) {
        self.untold += lost;
        if self.lags.tell(Lagged::new(self.of, self.reader, self.untold)) {
            self.untold = 0;
        }
    }
}

impl<L: Tells> Drop for Report<L> {
    fn drop(&mut self) {
        let last = (self.untold > 0).then(|| Lagged::new(self.of, self.reader, self.untold));
        self.lags.close(last);
    }
}

/// One reader of a `broadcast` or `latest` ring, in a segment: counts what it has lost, tells of it, and answers for a record whose
/// clone panics.
pub struct Cursor<R, L: Tells = Untold> {
    ring: R,
    cell: Arc<TakeCell>,
    standing: Arc<Standing>,
    component: Option<Arc<Component>>,
    report: Report<L>,
    /// Popped, and cut: their clone panicked.
    spoilt: usize,
}

impl<R> Cursor<R> {
    /// The reader called `reader` of the ring called `of`.
    pub(crate) fn new(ring: R, of: &'static str, reader: &'static str, cell: Arc<TakeCell>, standing: Arc<Standing>) -> Self {
        let report = Report {
            lags: Untold,
            of,
            reader,
            untold: 0,
        };
        Cursor {
            ring,
            cell,
            standing,
            component: None,
            report,
            spoilt: 0,
        }
    }

    /// What it reads is in this cycle until it is read.
    pub(crate) fn within<T>(mut self, component: Arc<Component>) -> Self
    where
        R: Follower<T>,
    {
        // A first value is there from the start.
        component.enter(self.ring.len());
        self.component = Some(component);
        self
    }

    /// With a wire that is told of its lag.
    pub(crate) fn telling<E>(self, wire: E) -> Cursor<R, TellsWire<E>>
    where
        TellsWire<E>: Tells,
    {
        let report = Report {
            lags: TellsWire(wire),
            of: self.report.of,
            reader: self.report.reader,
            untold: self.report.untold,
        };
        Cursor {
            ring: self.ring,
            cell: self.cell,
            standing: self.standing,
            component: self.component,
            report,
            spoilt: self.spoilt,
        }
    }
}

impl<R, L: Tells> Cursor<R, L> {
    fn leave(&self, records: u64) {
        if let Some(component) = &self.component {
            component.leave(records as usize);
        }
    }

    /// Counts and tells what was lost.
    #[inline]
    fn note<T>(&mut self)
    where
        R: Follower<T>,
    {
        let lost = self.ring.take_lost();
        if lost != 0 || self.report.untold != 0 {
            self.lost(lost);
        }
    }

    #[cold]
    fn lost(&mut self, lost: u64) {
        self.cell.lost.add(lost);
        // Told first: in a cycle that makes one record more.
        self.report.tell(lost);
        self.leave(lost);
    }

    /// The user's `Clone` has panicked: the record counts as popped, and is no one's.
    #[cold]
    fn spoil(&mut self) {
        self.spoilt += 1;
        self.cell.cut.add(1);
        self.leave(1);
    }
}

impl<T, R: Follower<T>, L: Tells> Reader<T> for Cursor<R, L> {
    fn ready(&mut self) -> usize {
        let ready = self.ring.ready();
        self.note();
        ready
    }

    fn pop(&mut self) -> Option<T> {
        loop {
            let popped = guard(|| self.ring.pop());
            self.note();
            match popped {
                Ok(record) => return record,
                Err(_message) => self.spoil(),
            }
        }
    }

    #[inline(always)]
    fn pop_each(&mut self, most: usize, mut take: impl FnMut(T) -> bool) {
        let before = self.ring.popped();
        loop {
            let left = most.saturating_sub(self.ring.popped().wrapping_sub(before));
            let taking = Cell::new(false);
            let ring = &mut self.ring;
            let popped = catch_unwind(AssertUnwindSafe(|| {
                ring.pop_each(left, |record| {
                    taking.set(true);
                    let more = take(record);
                    taking.set(false);
                    more
                });
            }));
            self.note();
            match popped {
                Ok(()) => return,
                // That is whoever takes them.
                Err(panic) if taking.get() => resume_unwind(panic),
                Err(panic) => {
                    // Its drop may panic again.
                    core::mem::forget(panic);
                    self.spoil();
                }
            }
        }
    }

    #[inline]
    fn popped(&self) -> usize {
        self.ring.popped().wrapping_sub(self.spoilt)
    }

    fn release(&mut self) {
        self.ring.release();
        self.report.lags.flush();
    }

    fn release_now(&mut self) {
        self.ring.release_now();
        self.report.lags.flush();
    }

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        let polled = self.ring.poll_ready(cx);
        self.note();
        match polled {
            Poll::Ready(0) => self.standing.reach(ENDED),
            Poll::Ready(_) => {}
            Poll::Pending => self.report.lags.flush(),
        }
        polled
    }

    fn unwait(&mut self) {
        self.ring.unwait();
    }

    fn close(&mut self) {
        self.standing.reach(LEFT);
        self.ring.close();
    }

    fn is_ended(&self) -> bool {
        self.ring.is_ended()
    }

    fn len(&self) -> usize {
        self.ring.len()
    }

    fn capacity(&self) -> usize {
        self.ring.capacity()
    }

    fn peer_asleep(&self) -> bool {
        self.ring.peer_asleep()
    }
}
