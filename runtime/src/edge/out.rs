//! The end of an edge that writes a ring.

use core::task::{Context, Poll};
use std::sync::Arc;

use crate::edge::cyclic::{Acyclic, Cyclic};
use crate::edge::policy::{Evict, Policy};
use crate::edge::shed::{Reason, Shedding};
use crate::edge::{At, Direct, Feed, Place, Sink, discard, guard};
use crate::pipeline::counters::Counter;
use crate::pipeline::{Lifeline, OfferCell};
use crate::record::{Env, Meta};
use crate::ring::PushError;

/// A ring as a place to put records: counts what it is offered, and does what its options say when the ring is full.
pub struct Edge<T, M, W: Feed<Env<T, M>>, P, C = Acyclic> {
    ring: W,
    /// The one record that a full, waiting ring left with us. It counts as queued.
    hold: Option<Env<T, M>>,
    /// It is counted as offered already.
    hold_counted: bool,
    policy: P,
    cell: Arc<OfferCell>,
    lifeline: Arc<Lifeline>,
    cycle: C,
    closed: bool,
    /// Of what is written and not published, so much is counted.
    counted: usize,
}

impl<T, M, W, P, C> Edge<T, M, W, P, C>
where
    T: Send,
    M: Meta,
    W: Feed<Env<T, M>>,
    P: Policy<T, M, W>,
    C: Cyclic,
{
    /// An edge that writes `ring`.
    pub(crate) fn new(ring: W, policy: P, cell: Arc<OfferCell>, lifeline: Arc<Lifeline>, cycle: C) -> Self {
        Edge {
            ring,
            hold: None,
            hold_counted: false,
            policy,
            cell,
            lifeline,
            cycle,
            closed: false,
            counted: 0,
        }
    }

    /// A record would go into the ring now.
    pub(crate) fn has_room(&mut self) -> bool {
        P::MAKES_ROOM || self.hold.is_none() && self.ring.room() > 0
    }

    /// Offers a record to the ring. False: it is kept here, until there is room.
    #[inline(always)]
    pub(crate) fn write(&mut self, x: Env<T, M>) -> bool {
        /// The user's hash has panicked: nothing was offered.
        struct Undo<'a, C: Cyclic>(Option<&'a OfferCell>, &'a C);
        impl<C: Cyclic> Drop for Undo<'_, C> {
            #[cold]
            fn drop(&mut self) {
                if let Some(cell) = self.0 {
                    cell.offered.sub(1);
                }
                self.1.leave();
            }
        }
        // Counted before anybody can take it, so that `taken <= offered` holds at any time: now, or all at once when they are
        // published.
        if !W::HIDES {
            self.cell.offered.add(1);
        }
        self.cycle.enter();
        let undo = Undo((!W::HIDES).then_some(&*self.cell), &self.cycle);
        let pushed = self.ring.push(x);
        core::mem::forget(undo);
        match pushed {
            Ok(()) => {
                self.count_replaced();
                if self.ring.peer_asleep() {
                    self.publish_early();
                }
                true
            }
            // Nothing is called here: the loop around this then keeps its state in registers. It is counted before we wait.
            Err(refused) if P::WAITS => {
                P::full(self, refused.into_inner());
                false
            }
            Err(refused) => self.refused(refused),
        }
    }

    /// The same for what goes aside, a failure or what was refused. Where the user's own hash panics it is cut, and nobody else has
    /// failed: its record is counted already.
    pub(super) fn write_aside(&mut self, x: Env<T, M>) {
        if guard(|| self.write(x)).is_err() {
            self.missed();
        }
    }

    #[cold]
    #[inline(never)]
    fn refused(&mut self, refused: PushError<Env<T, M>>) -> bool {
        self.count_written();
        if W::HIDES {
            self.cell.offered.add(1);
        }
        match refused {
            PushError::Full(x) => P::full(self, x),
            PushError::Closed(x) => self.too_late(x),
        }
        true
    }

    /// Counts records whose place was taken by others.
    #[inline(always)]
    fn count_replaced(&mut self) {
        if W::REPLACES {
            let replaced = self.ring.take_replaced();
            self.cell.lost.add(replaced as u64);
            (0..replaced).for_each(|_| self.cycle.leave());
        }
    }

    /// Counts what was written since the last time. Before every publishing, and whatever else publishes.
    #[inline]
    fn count_written(&mut self) {
        if W::HIDES {
            let written = self.ring.unpublished();
            if written != self.counted {
                self.cell.offered.add((written - self.counted) as u64);
                self.counted = written;
            }
        }
    }

    /// Counts the record that is held.
    #[inline]
    fn count_hold(&mut self) {
        if P::WAITS && W::HIDES && self.hold.is_some() && !core::mem::replace(&mut self.hold_counted, true) {
            self.cell.offered.add(1);
        }
    }

    #[inline]
    fn publish(&mut self) {
        self.count_written();
        self.count_hold();
        self.counted = 0;
        self.ring.publish();
    }

    /// The reader sleeps: it has nothing better to do than what was written so far.
    #[cold]
    #[inline(never)]
    fn publish_early(&mut self) {
        self.publish();
    }

    /// The reader has gone: an aborted pipeline cuts, a dropped output sheds.
    #[cold]
    fn too_late(&mut self, x: Env<T, M>) {
        self.cycle.leave();
        if self.lifeline.aborted() {
            self.cell.cut.add(1);
            return discard(x);
        }
        self.cell.shed.add(1);
        P::late(self, x);
    }

    /// Holds a record that the ring had no room for.
    #[inline(always)]
    pub(super) fn hold(&mut self, x: Env<T, M>) {
        self.hold = Some(x);
    }

    pub(super) fn policy(&mut self) -> &mut P {
        &mut self.policy
    }

    /// The record that was held, and is counted, at a time of its own.
    fn try_again(&mut self, x: Env<T, M>, last: bool) {
        self.ring.unwait();
        match self.ring.push_again(x) {
            Ok(()) => {
                self.counted += usize::from(W::HIDES);
                self.count_replaced();
            }
            Err(PushError::Closed(x)) => self.too_late(x),
            Err(PushError::Full(x)) if last => P::give_up(self, x),
            Err(PushError::Full(x)) => self.keep(x),
        }
    }

    /// Holds a record that is counted.
    pub(super) fn keep(&mut self, x: Env<T, M>) {
        self.hold = Some(x);
        self.hold_counted = true;
    }

    /// The oldest record makes room for `x`.
    pub(super) fn evict(&mut self, x: Env<T, M>)
    where
        W: Evict<Env<T, M>>,
    {
        let (cell, cycle) = (&self.cell, &self.cycle);
        let pushed = self.ring.push_evict(x, |oldest| {
            cell.lost.add(1);
            cycle.leave();
            discard(oldest);
        });
        if let Err(PushError::Full(x) | PushError::Closed(x)) = pushed {
            self.too_late(x);
        }
    }

    /// A full ring refuses `x`, or one that matters less and goes for it. What is refused is counted, and goes to the shed wire.
    pub(super) fn refuse<S: Shedding<T, M>>(&mut self, x: Env<T, M>, wire: impl Fn(&mut P) -> &mut S) {
        let (policy, cell, cycle) = (&mut self.policy, &self.cell, &self.cycle);
        let placed = self.ring.displace(x, |lesser| {
            cell.shed.add(1);
            cycle.leave();
            wire(policy).shed(lesser, Reason::Displaced);
        });
        match placed {
            Ok(()) => {}
            Err(PushError::Full(x)) => {
                self.cell.shed.add(1);
                self.cycle.leave();
                wire(&mut self.policy).shed(x, Reason::Full);
            }
            Err(PushError::Closed(x)) => self.too_late(x),
        }
    }
}

impl<T, M, W, P, C> Place for Edge<T, M, W, P, C>
where
    T: Send,
    M: Meta,
    W: Feed<Env<T, M>>,
    P: Policy<T, M, W>,
    C: Cyclic,
{
    #[inline]
    fn blocked(&self) -> bool {
        P::WAITS && self.hold.is_some()
    }

    fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if self.hold.is_some() {
            self.publish();
        }
        while let Some(x) = self.hold.take() {
            self.hold_counted = false;
            if self.lifeline.aborted() {
                self.too_late(x);
                break;
            }
            match self.ring.poll_room(cx) {
                Poll::Ready(Ok(_)) => match self.ring.push_again(x) {
                    Ok(()) => {
                        // Counted while it was held.
                        self.counted += usize::from(W::HIDES);
                        self.count_replaced();
                        break;
                    }
                    Err(PushError::Full(x)) => self.keep(x),
                    Err(PushError::Closed(x)) => self.too_late(x),
                },
                Poll::Ready(Err(_)) => self.too_late(x),
                Poll::Pending => match self.policy.poll_try(cx) {
                    Poll::Ready(last) => self.try_again(x, last),
                    Poll::Pending => {
                        self.keep(x);
                        return Poll::Pending;
                    }
                },
            }
        }
        self.policy.rest();
        Poll::Ready(())
    }

    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        if !P::WAITS {
            return Poll::Ready(());
        }
        core::task::ready!(self.poll_settle(cx));
        self.publish();
        if P::GIVES_UP {
            return Poll::Ready(());
        }
        self.ring.poll_room(cx).map(|_| ())
    }

    #[inline]
    fn flush(&mut self) {
        self.publish();
        self.policy.flush();
    }

    fn count(&mut self, _taken: u64) {}

    fn panicked(&mut self, _mark: usize, _message: &str) -> bool {
        false
    }

    fn missed(&mut self) {
        self.cell.offered.add(1);
        self.cell.cut.add(1);
    }

    fn finish(&mut self) -> impl Future<Output = ()> + Send {
        core::future::ready(())
    }

    fn close(&mut self) {
        if core::mem::replace(&mut self.closed, true) {
            return;
        }
        self.publish();
        if let Some(x) = self.hold.take() {
            self.too_late(x);
        }
        self.ring.close();
        // A reader that left before us left its records to us: they are counted, then dropped.
        while let Some(x) = self.ring.reclaim() {
            self.too_late(x);
        }
        self.policy.close();
        self.cycle.close();
    }
}

impl<T, M, MN, W, P, C> Sink<T, MN> for Edge<T, M, W, P, C>
where
    T: Send,
    M: Meta,
    MN: Meta,
    W: Feed<Env<T, M>>,
    P: Policy<T, M, W>,
    C: Cyclic,
{
    type Path = Direct;

    #[inline(always)]
    fn put(&mut self, x: Env<T, MN>, _at: &mut At) -> bool {
        self.write(Env {
            record: x.record,
            meta: x.meta.carry(),
        })
    }

    async fn send(&mut self, x: Env<T, MN>) {
        self.write(Env {
            record: x.record,
            meta: x.meta.carry(),
        });
        core::future::poll_fn(|cx| self.poll_settle(cx)).await;
    }
}

impl<T, M, W: Feed<Env<T, M>>, P, C> Drop for Edge<T, M, W, P, C> {
    fn drop(&mut self) {
        if W::HIDES {
            self.cell.offered.add((self.ring.unpublished() - self.counted) as u64);
        }
        // A segment that is dropped unfinished (its runtime has gone) still accounts for what it held.
        if let Some(x) = self.hold.take() {
            if W::HIDES && !self.hold_counted {
                self.cell.offered.add(1);
            }
            self.cell.cut.add(1);
            discard(x);
        }
    }
}
