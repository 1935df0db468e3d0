//! The readers of a `broadcast` or `latest` ring: each sees every record at its own pace, and is told what it has missed.

use core::cell::Cell;
use core::task::{Context, Poll};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Arc;
use std::sync::atomic::AtomicU8;
use std::sync::atomic::Ordering::{Acquire, Release};

use crate::edge::lag::{Report, Tells, TellsWire, Untold};
use crate::edge::{Lanes, guard};
use crate::pipeline::counters::Counter;
use crate::pipeline::{Component, TakeCell};
use crate::ring::{Reader, broadcast, latest};

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
        Cursor {
            ring,
            cell,
            standing,
            component: None,
            report: Report::new(of, reader),
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
        Cursor {
            ring: self.ring,
            cell: self.cell,
            standing: self.standing,
            component: self.component,
            report: self.report.to(wire),
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
        if lost != 0 || self.report.is_due() {
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
    const SHARED: bool = false;

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
        self.report.flush();
    }

    fn release_now(&mut self) {
        self.ring.release_now();
        self.report.flush();
    }

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        let polled = self.ring.poll_ready(cx);
        self.note();
        match polled {
            Poll::Ready(0) => self.standing.reach(ENDED),
            Poll::Ready(_) => {}
            Poll::Pending => self.report.flush(),
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
