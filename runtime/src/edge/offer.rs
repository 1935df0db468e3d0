//! `[512, offer 3 every 10ms]`: a full ring is tried again, a few times; then the record is shed.

use core::task::{Context, Poll, ready};
use std::time::Duration;

use crate::edge::out::Edge;
use crate::edge::shed::{Reason, Shedding};
use crate::edge::{Cyclic, Feed, Policy};
use crate::fault::Alarm;
use crate::record::{Env, Meta};
use crate::rt::Rt;

/// How often a full ring is tried again, and when: a countdown, on the clock of the pipeline's runtime.
pub(crate) struct Countdown {
    more: u32,
    every: Duration,
    /// Tries left, once it runs.
    left: Option<u32>,
    alarm: Alarm,
}

impl Countdown {
    pub(crate) fn new(more: u32, every: Duration, alarm: Alarm) -> Self {
        Countdown {
            more,
            every,
            left: None,
            alarm,
        }
    }

    /// Ready when it is time for the next try: true for the last. It starts to run when it is first asked.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        if self.left.is_none() {
            self.left = Some(self.more);
            self.set();
        }
        ready!(self.alarm.poll(cx));
        let left = self.left.map_or(0, |left| left.saturating_sub(1));
        self.left = Some(left);
        if left > 0 {
            self.set();
        }
        Poll::Ready(left == 0)
    }

    fn set(&mut self) {
        let at = self.alarm.now() + self.every;
        self.alarm.set(at);
    }

    /// The next record has all tries again.
    pub(crate) fn stop(&mut self) {
        if self.left.take().is_some() {
            self.alarm.clear();
        }
    }
}

/// A full ring holds its writer up while it is tried again: when those who wait are called, and at the declared times. Then it refuses as
/// a ring that sheds.
pub struct Offer<S> {
    countdown: Countdown,
    shed: S,
}

impl<S> Offer<S> {
    /// So many more tries, one every so often; then the record is shed.
    pub fn new<R: Rt>(more: u32, every: Duration, rt: &R, shed: S) -> Self {
        Offer {
            countdown: Countdown::new(more, every, Alarm::new(rt)),
            shed,
        }
    }
}

impl<T: Send, M: Meta, W: Feed<Env<T, M>>, S: Shedding<T, M>> Policy<T, M, W> for Offer<S> {
    #[inline(always)]
    fn full<C: Cyclic>(edge: &mut Edge<T, M, W, Self, C>, x: Env<T, M>) {
        edge.hold(x);
    }
    fn late<C: Cyclic>(edge: &mut Edge<T, M, W, Self, C>, x: Env<T, M>) {
        edge.policy().shed.shed(x, Reason::Closed);
    }
    fn give_up<C: Cyclic>(edge: &mut Edge<T, M, W, Self, C>, x: Env<T, M>) {
        edge.refuse(x, |policy| &mut policy.shed);
    }
    fn poll_try(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        self.countdown.poll(cx)
    }
    fn rest(&mut self) {
        self.countdown.stop();
    }
    const WAITS: bool = true;
    const GIVES_UP: bool = true;
    fn flush(&mut self) {
        self.shed.flush();
    }
    fn close(&mut self) {
        self.shed.close();
    }
}
