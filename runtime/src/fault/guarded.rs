//! A way into a node with options against faults.

use core::marker::PhantomData;
use core::task::{Context, Poll};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::fault::limits::Limits;
use crate::fault::retry::{Backoff, Retry};
use crate::fault::{Alarm, Breaker, Rate};
use crate::record::Meta;
use crate::rt::Rt;
use crate::segment::{Node, WayIn};

/// What the options of a node keep at run time.
pub struct Guards<E> {
    pub(crate) limits: Limits,
    pub(crate) deadline: Option<Duration>,
    pub(crate) retry: Option<Retry<E>>,
    pub(crate) breaker: Option<Arc<Breaker>>,
    pub(crate) rate: Option<Arc<Rate>>,
    random: u64,
}

impl<E> Guards<E> {
    /// None yet.
    pub fn new<R: Rt>(rt: &R) -> Self {
        Guards {
            limits: Limits::new(Alarm::new(rt)),
            deadline: None,
            retry: None,
            breaker: None,
            rate: None,
            random: rt.random(),
        }
    }

    /// `timeout: 500ms`
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limits.timeout = Some(limit);
        self
    }

    /// `deadline: 2s`
    pub fn deadline(mut self, limit: Duration) -> Self {
        self.deadline = Some(limit);
        self
    }

    /// `retry: 3`, of the errors of which `asks` says that another try may help.
    pub fn retry(mut self, more: u32, asks: fn(&E) -> bool) -> Self {
        let backoff = None;
        self.retry = Some(Retry { more, asks, backoff });
        self
    }

    /// `backoff: 10ms..1s`
    pub fn backoff(mut self, first: Duration, most: Duration) -> Self {
        if let Some(retry) = &mut self.retry {
            retry.backoff = Some(Backoff::new(first, most, self.random));
        }
        self
    }

    /// `breaker: 5 in 30s`, that of the node.
    pub fn breaker(mut self, breaker: &Arc<Breaker>) -> Self {
        self.breaker = Some(breaker.clone());
        self
    }

    /// `rate: 100 per 1s`, that of the node.
    pub fn rate(mut self, rate: &Arc<Rate>) -> Self {
        self.rate = Some(rate.clone());
        self
    }
}

impl<E> Guards<E> {
    /// When a record is late that travels with this; `None`: never.
    pub(crate) fn late(&self, meta: &impl Meta) -> Option<Instant> {
        Some(meta.entered()? + self.deadline?)
    }
}

/// A way into a node, with what its options keep. `A` says whether a record is kept for another try.
pub struct Guarded<W, A, E> {
    /// The way itself.
    pub way: W,
    pub(crate) guards: Guards<E>,
    again: PhantomData<fn() -> A>,
}

impl<W, A, E> Guarded<W, A, E> {
    /// `way`, guarded.
    pub fn new(way: W, guards: Guards<E>) -> Self {
        Guarded {
            way,
            guards,
            again: PhantomData,
        }
    }
}

impl<W: WayIn, A, E> WayIn for Guarded<W, A, E> {
    fn blocked(&self) -> bool {
        self.way.blocked()
    }
    fn poll_settle(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.way.poll_settle(cx)
    }
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.way.poll_room(cx)
    }
    fn flush(&mut self) {
        self.way.flush();
    }
    fn close(&mut self) {
        self.way.close();
    }
    fn panicked(&mut self, node: &Node, mark: usize, message: &str) -> bool {
        self.way.panicked(node, mark, message)
    }
}
