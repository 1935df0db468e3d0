//! What a segment reads.

use core::marker::PhantomData;
use core::task::{Context, Poll};
use std::sync::Arc;

use crate::edge::{At, Path, Sink, discard};
use crate::pipeline::TakeCell;
use crate::pipeline::counters::Counter;
use crate::record::{Env, Meta};
use crate::ring::Reader;
use crate::segment::chunk::Chunk;
use crate::stage::Inlet;

/// The rings that a segment reads into its place `P`: a [`Lane`], or a tuple of them.
pub trait Ways<P>: Send {
    /// How many.
    const LANES: usize;
    /// `Ready(0)`: the lane has ended. See [`Reader::poll_ready`].
    fn poll(&mut self, lane: usize, cx: &mut Context<'_>) -> Poll<usize>;
    /// Its records may go the direct path.
    fn direct(lane: usize) -> bool;
    /// Takes up to `most` records through the direct path, until the place is blocked.
    fn turn(&mut self, lane: usize, place: &mut P, most: usize, at: &mut At);
    /// How many records were taken from the lane since the last release.
    fn taken(&self, lane: usize) -> u64;
    /// Takes one record (or one batch) the other way, or up to `most`, and adds them to `taken`. False: no more of this chunk,
    /// whatever there is.
    fn serve(&mut self, lane: usize, place: &mut P, most: u64, taken: &mut u64) -> impl Future<Output = bool> + Send;
    /// Counts what was taken since the last call, and gives the slots back: to waiting writers at once if `eager`.
    fn release(&mut self, eager: bool);
    /// The segment waits for something else: calls in flight go on, and wake it.
    fn meanwhile(&mut self, cx: &mut Context<'_>) {
        let _ = cx;
    }
    /// The segment goes to work: others that read the same rings are called in its place.
    fn unwait(&mut self);
    /// The lane leads round a cycle.
    fn inner(&self, lane: usize) -> bool;
    /// The inlet of a join that the lane leads to.
    fn inlet(&self, lane: usize) -> Option<Inlet>;
    /// Refuses more.
    fn close(&mut self);
    /// After [`close`](Self::close): what was taken and not handed on is counted where it was to go.
    fn leave(&mut self, place: &mut P) {
        let _ = place;
    }
    /// After [`close`](Self::close): counts what is left as cut, and drops it.
    fn cut(&mut self);
}

/// One ring that a segment reads, into the inlet `AT` of its first node.
pub struct Lane<R, T, M, MN, const AT: u64 = 0> {
    ring: R,
    cell: Arc<TakeCell>,
    /// Of the records taken so many are counted: see [`Reader::popped`].
    counted: usize,
    inner: bool,
    inlet: Option<Inlet>,
    record: Carried<T, M, MN>,
}

/// A record, the meta of the ring, and that of the node.
type Carried<T, M, MN> = PhantomData<fn() -> (T, M, MN)>;

impl<R, T, M, MN, const AT: u64> Lane<R, T, M, MN, AT>
where
    T: Send,
    M: Meta,
    MN: Meta,
    R: Reader<Env<T, M>>,
{
    /// Reads `ring`.
    pub fn new(ring: R, cell: Arc<TakeCell>) -> Self {
        Lane {
            counted: ring.popped(),
            ring,
            cell,
            inner: false,
            inlet: None,
            record: PhantomData,
        }
    }

    /// It comes from within the cycle that the segment is on.
    pub fn inner(mut self, inner: bool) -> Self {
        self.inner = inner;
        self
    }

    /// It leads to an inlet of a join.
    pub fn inlet(mut self, name: &'static str) -> Self {
        self.inlet = Some(Inlet::named(name));
        self
    }

    #[inline]
    pub(super) fn take(&mut self) -> Option<Env<T, MN>> {
        let x = self.ring.pop()?;
        Some(Env {
            record: x.record,
            meta: x.meta.carry(),
        })
    }

    /// See [`Reader::popped`].
    #[inline]
    pub(super) fn popped(&self) -> usize {
        self.ring.popped()
    }

    /// Taken and not yet counted.
    #[inline]
    fn uncounted(&self) -> u64 {
        self.ring.popped().wrapping_sub(self.counted) as u64
    }

    pub(super) fn count(&mut self) {
        let taken = self.uncounted();
        if taken > 0 {
            self.cell.taken.add(taken);
            self.counted = self.ring.popped();
        }
    }

    pub(crate) fn poll_records(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        self.ring.poll_ready(cx)
    }

    /// Counts what was taken and gives the slots back: to waiting writers at once if `eager`.
    pub(crate) fn give_back(&mut self, eager: bool) {
        self.count();
        if eager { self.ring.release_now() } else { self.ring.release() }
    }

    /// The segment goes to work: where others read the ring too, they are called in its place. A reader of its own stays where it
    /// waits, and is there when it waits again; at worst it is called once more than it needs.
    pub(crate) fn stop_waiting(&mut self) {
        if R::SHARED {
            self.ring.unwait();
        }
    }

    pub(crate) fn is_inner(&self) -> bool {
        self.inner
    }

    pub(crate) fn shut(&mut self) {
        self.ring.close();
    }

    /// Counts what is left as cut, and drops it.
    pub(crate) fn cut_rest(&mut self) {
        self.count();
        loop {
            match self.ring.pop() {
                Some(x) => {
                    self.cell.cut.add(1);
                    self.counted = self.ring.popped();
                    discard(x);
                }
                None if self.ring.is_ended() => break,
                // Somebody was accepted a moment ago and is writing his record.
                None => std::thread::yield_now(),
            }
        }
        self.ring.release();
    }

    /// Up to `most` records at once, for a batched stage.
    pub(crate) fn batch(&mut self, most: usize) -> Vec<Env<T, MN>> {
        let mut records = Vec::with_capacity(most.min(self.ring.ready()));
        self.more(&mut records, most);
        records
    }

    /// What is there now, until there are `most`.
    pub(crate) fn more(&mut self, records: &mut Vec<Env<T, MN>>, most: usize) {
        while records.len() < most
            && let Some(x) = self.take()
        {
            records.push(x);
        }
        self.count();
    }
}

impl<P, R, T, M, MN, const AT: u64> Ways<P> for Lane<R, T, M, MN, AT>
where
    T: Send,
    M: Meta,
    MN: Meta,
    R: Reader<Env<T, M>>,
    P: Sink<T, MN, AT>,
{
    const LANES: usize = 1;
    #[inline]
    fn poll(&mut self, _lane: usize, cx: &mut Context<'_>) -> Poll<usize> {
        self.poll_records(cx)
    }
    fn direct(_lane: usize) -> bool {
        P::Path::DIRECT
    }
    // A function of its own: the compiler then knows that nothing else touches the place, and keeps its state in registers.
    #[inline(never)]
    fn turn(&mut self, _lane: usize, place: &mut P, most: usize, at: &mut At) {
        self.ring.pop_each(most, |x| {
            place.put(
                Env {
                    record: x.record,
                    meta: x.meta.carry(),
                },
                at,
            )
        });
    }
    #[inline]
    fn taken(&self, _lane: usize) -> u64 {
        self.uncounted()
    }
    async fn serve(&mut self, _lane: usize, place: &mut P, most: u64, taken: &mut u64) -> bool {
        P::Path::serve(place, Chunk::new(self, most, taken)).await
    }
    fn release(&mut self, eager: bool) {
        self.give_back(eager);
    }
    fn unwait(&mut self) {
        self.stop_waiting();
    }
    fn inner(&self, _lane: usize) -> bool {
        self.inner
    }
    fn inlet(&self, _lane: usize) -> Option<Inlet> {
        self.inlet
    }
    fn close(&mut self) {
        self.shut();
    }
    fn cut(&mut self) {
        self.cut_rest();
    }
}

macro_rules! ways {
    ($($way:ident $at:tt),+) => {
        impl<P: Send, $($way: Ways<P>),+> Ways<P> for ($($way,)+) {
            const LANES: usize = 0 $(+ $way::LANES)+;
            fn poll(&mut self, mut lane: usize, cx: &mut Context<'_>) -> Poll<usize> {
                $(if lane < $way::LANES { return self.$at.poll(lane, cx) } lane -= $way::LANES;)+
                Poll::Ready(lane * 0)
            }
            fn direct(mut lane: usize) -> bool {
                $(if lane < $way::LANES { return $way::direct(lane) } lane -= $way::LANES;)+
                lane == usize::MAX
            }
            fn turn(&mut self, mut lane: usize, place: &mut P, most: usize, at: &mut At) {
                $(if lane < $way::LANES { return self.$at.turn(lane, place, most, at) } lane -= $way::LANES;)+
                let _ = lane;
            }
            fn taken(&self, mut lane: usize) -> u64 {
                $(if lane < $way::LANES { return self.$at.taken(lane) } lane -= $way::LANES;)+
                lane as u64 * 0
            }
            async fn serve(&mut self, mut lane: usize, place: &mut P, most: u64, taken: &mut u64) -> bool {
                $(if lane < $way::LANES { return self.$at.serve(lane, place, most, taken).await } lane -= $way::LANES;)+
                lane > 0
            }
            fn release(&mut self, eager: bool) {
                $(self.$at.release(eager);)+
            }
            fn unwait(&mut self) {
                $(self.$at.unwait();)+
            }
            fn inner(&self, mut lane: usize) -> bool {
                $(if lane < $way::LANES { return self.$at.inner(lane) } lane -= $way::LANES;)+
                lane == usize::MAX
            }
            fn inlet(&self, mut lane: usize) -> Option<Inlet> {
                $(if lane < $way::LANES { return self.$at.inlet(lane) } lane -= $way::LANES;)+
                let _ = lane;
                None
            }
            fn close(&mut self) {
                $(self.$at.close();)+
            }
            fn cut(&mut self) {
                $(self.$at.cut();)+
            }
        }
    };
}
ways!(A 0, B 1);
ways!(A 0, B 1, C 2);
ways!(A 0, B 1, C 2, D 3);
ways!(A 0, B 1, C 2, D 3, E 4);
ways!(A 0, B 1, C 2, D 3, E 4, F 5);
ways!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
ways!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
