//! The reading end of a pipeline.

use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::Arc;

use futures_core::Stream;

use crate::edge::{Coalesced, Lanes, Ranked, discard};
use crate::pipeline::counters::Counter;
use crate::pipeline::{Keeper, ReadEnd, TakeCell};
use crate::record::Env;
use crate::ring::Reader;
use crate::ring::mpmc::Receiver;
use crate::ring::spsc::Consumer;
use crate::rt::block_on;

/// An output port: the stream of what a pipeline gives, through a ring of `CAP` records (for each task that feeds it).
///
/// * **Empty**: [`recv`](Self::recv) waits; [`try_recv`](Self::try_recv) does not.
/// * **Full**: the pipeline waits, unless the port says `shed` or `drop_oldest`. An output that nobody reads holds it up.
///   A pipeline that waits goes on when the stream is half empty: where one task reads several outputs, let it wait for all of them
///   at once and not for one after the other.
/// * **Ended**: when everything that feeds it has ended and all records were taken, it gives `None`.
/// * **Dropped**: what is still in it, and what comes later, counts as `shed`; the pipeline goes on.
///
/// Order is that of each task that feeds it.
pub struct AsyncStream<T: Send + 'static, const CAP: usize> {
    ring: OutRing<T, CAP>,
    cell: Arc<TakeCell>,
    /// Taken since the last release.
    unreleased: u64,
    name: &'static str,
    keeper: Arc<Keeper>,
}

enum OutRing<T: Send + 'static, const CAP: usize> {
    /// A lane a producer.
    Lanes(Lanes<Consumer<Env<T>, CAP>>),
    /// One ring for all, where the oldest may be dropped.
    Shared(Receiver<Env<T>, CAP>),
    /// A lane for each level of a priority.
    Ranked(Ranked<Receiver<Env<T>, CAP>>),
    /// One ring for all, in which newer records take the places of older ones.
    Coalesced(Coalesced<Env<T>, Receiver<Env<T>, CAP>>),
}

macro_rules! each {
    ($ring:expr, $one:ident => $do:expr) => {
        match $ring {
            OutRing::Lanes($one) => $do,
            OutRing::Shared($one) => $do,
            OutRing::Ranked($one) => $do,
            OutRing::Coalesced($one) => $do,
        }
    };
}

impl<T: Send + 'static, const CAP: usize> AsyncStream<T, CAP> {
    pub(crate) fn of_lanes(name: &'static str, end: ReadEnd<Lanes<Consumer<Env<T>, CAP>>>, keeper: Arc<Keeper>) -> Self {
        Self::of(name, OutRing::Lanes(end.ring), end.cell, keeper)
    }

    pub(crate) fn of_shared(name: &'static str, end: ReadEnd<Receiver<Env<T>, CAP>>, keeper: Arc<Keeper>) -> Self {
        Self::of(name, OutRing::Shared(end.ring), end.cell, keeper)
    }

    pub(crate) fn of_ranked(name: &'static str, end: ReadEnd<Ranked<Receiver<Env<T>, CAP>>>, keeper: Arc<Keeper>) -> Self {
        Self::of(name, OutRing::Ranked(end.ring), end.cell, keeper)
    }

    pub(crate) fn of_coalesced(
        name: &'static str,
        end: ReadEnd<Coalesced<Env<T>, Receiver<Env<T>, CAP>>>,
        keeper: Arc<Keeper>,
    ) -> Self {
        Self::of(name, OutRing::Coalesced(end.ring), end.cell, keeper)
    }

    fn of(name: &'static str, ring: OutRing<T, CAP>, cell: Arc<TakeCell>, keeper: Arc<Keeper>) -> Self {
        cell.read_outside();
        AsyncStream {
            ring,
            cell,
            unreleased: 0,
            name,
            keeper,
        }
    }

    /// The next record, or `None` when the stream has ended.
    ///
    /// Cancel safe: a record is taken only by a poll that gives it.
    pub fn recv(&mut self) -> Recv<'_, T, CAP> {
        Recv { stream: self }
    }

    /// The next record, if one is there now: `Err(Empty)` when not yet, `Err(Ended)` when never again.
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        if let Some(record) = self.take() {
            return Ok(record);
        }
        // Nothing more is taken for now: the slots are free.
        self.release();
        match each!(&mut self.ring, ring => Reader::is_ended(ring)) {
            // The last record may have come between the two looks.
            true => self.take().ok_or(TryRecvError::Ended),
            false => Err(TryRecvError::Empty),
        }
    }

    /// [`recv`](Self::recv), on a thread that may sleep.
    pub fn recv_blocking(&mut self) -> Option<T> {
        block_on(self.recv())
    }

    /// Takes all that is there now, `CAP` records at most, and appends it to `into`; how many.
    ///
    /// It does not wait: zero may mean "not yet" or "ended".
    pub fn drain_into(&mut self, into: &mut Vec<T>) -> usize {
        self.for_each_ready(|record| into.push(record))
    }

    /// Calls `f` with each record that is there now, `CAP` at most; how many there were. The cheapest way to read: nothing is moved
    /// but into the call.
    ///
    /// It does not wait: zero may mean "not yet" or "ended". Should `f` panic, its record is gone and no other.
    #[inline]
    pub fn for_each_ready(&mut self, mut f: impl FnMut(T)) -> usize {
        /// Counts and gives back what was taken, after a panic too.
        struct Taken<'a, T: Send + 'static, const CAP: usize>(&'a mut AsyncStream<T, CAP>, usize);
        impl<T: Send + 'static, const CAP: usize> Drop for Taken<'_, T, CAP> {
            fn drop(&mut self) {
                self.0.cell.taken.add(self.0.popped().wrapping_sub(self.1) as u64);
                self.0.release();
            }
        }
        let before = self.popped();
        let taken = Taken(self, before);
        each!(&mut taken.0.ring, ring => Reader::pop_each(ring, CAP, |x| {
            f(x.record);
            true
        }));
        taken.0.popped().wrapping_sub(before)
    }

    /// See [`Reader::popped`].
    fn popped(&self) -> usize {
        each!(&self.ring, ring => Reader::popped(ring))
    }

    /// Everything up to the end of the stream. It holds all of it in memory.
    pub async fn collect<C: Default + Extend<T>>(mut self) -> C {
        let mut all = C::default();
        while let Some(record) = self.recv().await {
            all.extend([record]);
        }
        all
    }

    /// Records that wait in it.
    pub fn len(&self) -> usize {
        each!(&self.ring, ring => Reader::len(ring))
    }

    /// No record waits in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many records it holds: `CAP`, for each task that feeds it.
    pub fn capacity(&self) -> usize {
        each!(&self.ring, ring => Reader::capacity(ring))
    }

    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    pub(crate) fn keeper(&self) -> &Arc<Keeper> {
        &self.keeper
    }

    #[inline]
    fn take(&mut self) -> Option<T> {
        let x = each!(&mut self.ring, ring => Reader::pop(ring))?;
        self.cell.taken.add(1);
        self.unreleased += 1;
        if self.unreleased >= CAP.div_ceil(4) as u64 {
            self.release();
        }
        Some(x.record)
    }

    fn release(&mut self) {
        self.unreleased = 0;
        each!(&mut self.ring, ring => Reader::release(ring));
    }

    fn poll_recv(&mut self, cx: &mut Context<'_>) -> Poll<Option<T>> {
        loop {
            if let Some(record) = self.take() {
                return Poll::Ready(Some(record));
            }
            // With several lanes some may have records and so not release by themselves.
            if self.unreleased > 0 {
                self.release();
            }
            match core::task::ready!(each!(&mut self.ring, ring => Reader::poll_ready(ring, cx))) {
                0 => return Poll::Ready(None),
                _ => continue,
            }
        }
    }
}

impl<T: Send + 'static, const CAP: usize> Stream for AsyncStream<T, CAP> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.get_mut().poll_recv(cx)
    }
}

impl<T: Send + 'static, const CAP: usize> Drop for AsyncStream<T, CAP> {
    fn drop(&mut self) {
        self.release();
        each!(&mut self.ring, ring => {
            Reader::close(ring);
            // What was left for us; the producer counts what it finds after us.
            loop {
                match Reader::pop(ring) {
                    Some(x) => {
                        self.cell.shed.add(1);
                        discard(x);
                    }
                    None if Reader::is_ended(ring) => break,
                    // Somebody is writing a record that was accepted a moment ago.
                    None => std::thread::yield_now(),
                }
            }
            Reader::release(ring);
        });
    }
}

impl<T: Send + 'static, const CAP: usize> core::fmt::Debug for AsyncStream<T, CAP> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("AsyncStream")
            .field("len", &self.len())
            .field("capacity", &self.capacity())
            .finish_non_exhaustive()
    }
}

/// Why there is no record now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TryRecvError {
    /// Not yet.
    Empty,
    /// Never again: the stream has ended.
    Ended,
}

impl core::fmt::Display for TryRecvError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            TryRecvError::Empty => "no record is there yet",
            TryRecvError::Ended => "the stream has ended",
        })
    }
}

impl std::error::Error for TryRecvError {}

/// The future of [`AsyncStream::recv`]. Dropping it takes nothing.
#[must_use = "a record is received when this is awaited"]
pub struct Recv<'a, T: Send + 'static, const CAP: usize> {
    stream: &'a mut AsyncStream<T, CAP>,
}

impl<T: Send + 'static, const CAP: usize> Future for Recv<'_, T, CAP> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.get_mut().stream.poll_recv(cx)
    }
}
