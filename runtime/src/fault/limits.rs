//! How long a call may take: `timeout`, and the `deadline` of its record.

use core::pin::Pin;
use core::task::{Context, Poll};
use std::time::{Duration, Instant};

use pin_project_lite::pin_project;

use crate::edge::Cause;
use crate::fault::Alarm;
use crate::stage::{Done, Work};

/// How long a call may take. One for each way into a node: a worker is at one call at a time.
pub(crate) struct Limits {
    pub(crate) alarm: Alarm,
    pub(crate) timeout: Option<Duration>,
    /// Of the timeout, what this call has left.
    left: Duration,
    /// When the timeout is over, once the call has begun to wait.
    over: Option<Instant>,
    /// When the record is late.
    late: Option<Instant>,
    /// The call has given a record.
    pub(crate) gave: bool,
}

impl Limits {
    pub(crate) fn new(alarm: Alarm) -> Self {
        Limits {
            alarm,
            timeout: None,
            left: Duration::ZERO,
            over: None,
            late: None,
            gave: false,
        }
    }

    /// A call begins, for a record that is late at `late`.
    pub(crate) fn begin(&mut self, late: Option<Instant>) {
        self.left = self.timeout.unwrap_or_default();
        (self.over, self.late, self.gave) = (None, late, false);
    }

    /// The call waits; ready when it has waited for too long.
    fn poll<E>(&mut self, cx: &mut Context<'_>) -> Poll<Cause<E>> {
        if self.timeout.is_none() && self.late.is_none() {
            return Poll::Pending;
        }
        let over = match self.over {
            Some(over) => over,
            // The clock is looked at when a call first waits, and not for one that is ready at once.
            None => {
                let over = self.alarm.now() + self.left;
                self.over = Some(over);
                self.alarm.set(self.first(over));
                over
            }
        };
        core::task::ready!(self.alarm.poll(cx));
        let late = self.late.is_some_and(|late| self.timeout.is_none() || late < over);
        Poll::Ready(if late { Cause::Late } else { Cause::Timeout })
    }

    /// What comes first.
    fn first(&self, over: Instant) -> Instant {
        match (self.timeout, self.late) {
            (Some(_), Some(late)) => over.min(late),
            (None, Some(late)) => late,
            (_, None) => over,
        }
    }

    /// The call does not wait. While what it gave is delivered, its time does not run: that is not the stage's doing.
    fn stop(&mut self, more: bool) {
        if let Some(over) = self.over.take() {
            if more {
                self.left = over.saturating_duration_since(self.alarm.now());
            }
            self.alarm.clear();
        }
    }
}

pin_project! {
    /// A call that ends with [`Cause::Timeout`] or [`Cause::Late`] when it takes too long.
    pub(crate) struct Limited<'a, W> {
        #[pin]
        pub(crate) work: W,
        pub(crate) limits: &'a mut Limits,
    }
}

impl<W: Work> Work for Limited<'_, W> {
    type Out = W::Out;
    type Err = Cause<W::Err>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Done<W::Out>, Cause<W::Err>>> {
        let this = self.project();
        match this.work.poll_next(cx) {
            Poll::Pending => this.limits.poll(cx).map(Err),
            Poll::Ready(step) => {
                this.limits.stop(matches!(step, Ok(Done::More(_))));
                this.limits.gave |= matches!(step, Ok(Done::More(_) | Done::Last(_)));
                Poll::Ready(step.map_err(Cause::Error))
            }
        }
    }

    fn left(self: Pin<&mut Self>) -> Option<W::Out> {
        self.project().work.left()
    }
}
