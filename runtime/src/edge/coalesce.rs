//! `coalesce by key`: a newer record takes the place of the queued one with its key.

use core::task::{Context, Poll};
use std::sync::Arc;

use crate::edge::backlog::Backlog;
use crate::edge::{Feed, guard};
use crate::record::{Env, Meta};
use crate::ring::mpmc::Sender;
use crate::ring::{Closed, PushError, Reader, Writer};

/// The writing end of a ring with `coalesce`.
pub struct Coalescing<T: 'static, M: 'static, const N: usize> {
    ring: Sender<Env<T, M>, N>,
    backlog: Arc<dyn Backlog<Env<T, M>>>,
    /// Records whose place was taken since this was last asked.
    replaced: usize,
}

impl<T, M, const N: usize> Coalescing<T, M, N> {
    /// Over a ring, all records of which go through this backlog.
    pub(crate) fn new(ring: Sender<Env<T, M>, N>, backlog: Arc<dyn Backlog<Env<T, M>>>) -> Self {
        Coalescing {
            ring,
            backlog,
            replaced: 0,
        }
    }
}

impl<T, M, const N: usize> Clone for Coalescing<T, M, N> {
    fn clone(&self) -> Self {
        Coalescing::new(self.ring.clone().prepared(), self.backlog.clone())
    }
}

impl<T: Send, M: Meta, const N: usize> Coalescing<T, M, N> {
    fn offer(&mut self, x: &mut Option<Env<T, M>>) -> Result<(), PushError<Env<T, M>>> {
        if self.ring.is_closed()
            && let Some(x) = x.take()
        {
            return Err(PushError::Closed(x));
        }
        let ring = &mut self.ring;
        let replaced = self.backlog.offer(x, &mut |x| Writer::push(ring, x), &mut || {})?;
        self.replaced += usize::from(replaced);
        Ok(())
    }
}

impl<T: Send, M: Meta, const N: usize> Feed<Env<T, M>> for Coalescing<T, M, N> {
    const REPLACES: bool = true;

    /// The user's key is asked again, since another record with this key may have come in. Should it panic now, the record goes by itself.
    fn push_again(&mut self, x: Env<T, M>) -> Result<(), PushError<Env<T, M>>> {
        let mut x = Some(x);
        match (guard(|| self.offer(&mut x)), x) {
            (Ok(pushed), _) => pushed,
            (Err(_), None) => Ok(()),
            (Err(_), Some(x)) => {
                let ring = &mut self.ring;
                self.backlog.offer_alone(x, &mut |x| Writer::push(ring, x))
            }
        }
    }
    fn take_replaced(&mut self) -> usize {
        core::mem::take(&mut self.replaced)
    }
}

impl<T: Send, M: Meta, const N: usize> Writer<Env<T, M>> for Coalescing<T, M, N> {
    const HIDES: bool = false;

    fn push(&mut self, x: Env<T, M>) -> Result<(), PushError<Env<T, M>>> {
        self.offer(&mut Some(x))
    }
    fn room(&mut self) -> usize {
        self.ring.room()
    }
    fn publish(&mut self) {
        self.ring.publish();
    }
    fn unpublished(&self) -> usize {
        Writer::unpublished(&self.ring)
    }
    fn peer_asleep(&self) -> bool {
        self.ring.peer_asleep()
    }
    fn unwait(&mut self) {
        self.ring.unwait();
    }
    fn is_closed(&self) -> bool {
        self.ring.is_closed()
    }
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Closed>> {
        self.ring.poll_room(cx)
    }
    fn reclaim(&mut self) -> Option<Env<T, M>> {
        let ring = &self.ring;
        let x = self.backlog.take(&mut || ring.reclaim_quietly())?;
        // Not under the lock of the backlog: who is woken may need it.
        ring.tell_of_room();
        Some(x)
    }
    fn close(&mut self) {
        Writer::close(&mut self.ring);
    }
    fn len(&self) -> usize {
        self.ring.len()
    }
    fn capacity(&self) -> usize {
        N
    }
}

/// The reading end.
#[derive(Clone)]
pub struct Coalesced<X, R> {
    /// Boxed, so that an output is no larger for it.
    ring: Box<R>,
    backlog: Arc<dyn Backlog<X>>,
}

impl<X, R> Coalesced<X, R> {
    /// See [`Coalescing`].
    pub(crate) fn new(ring: R, backlog: Arc<dyn Backlog<X>>) -> Self {
        Coalesced {
            ring: Box::new(ring),
            backlog,
        }
    }
}

impl<X: Send, R: Reader<X>> Reader<X> for Coalesced<X, R> {
    const SHARED: bool = R::SHARED;

    fn ready(&mut self) -> usize {
        self.ring.ready()
    }
    fn pop(&mut self) -> Option<X> {
        // An empty ring costs no lock.
        if self.ring.ready() == 0 {
            return None;
        }
        let ring = &mut self.ring;
        self.backlog.take(&mut || ring.pop())
    }
    fn popped(&self) -> usize {
        self.ring.popped()
    }
    fn release(&mut self) {
        self.ring.release();
    }
    fn release_now(&mut self) {
        self.ring.release_now();
    }
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<usize> {
        self.ring.poll_ready(cx)
    }
    fn unwait(&mut self) {
        self.ring.unwait();
    }
    fn is_ended(&self) -> bool {
        self.ring.is_ended()
    }
    fn peer_asleep(&self) -> bool {
        self.ring.peer_asleep()
    }
    fn close(&mut self) {
        self.ring.close();
    }
    fn len(&self) -> usize {
        self.ring.len()
    }
    fn capacity(&self) -> usize {
        self.ring.capacity()
    }
}
