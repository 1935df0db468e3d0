//! Timers of a simulation.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use super::SimRt;
use super::tasks::lock;

/// Resolves at an instant of a simulation's clock. Dropping it forgets the timer.
#[must_use = "a sleep does nothing unless it is awaited"]
pub struct SimSleep {
    pub(super) at: Duration,
    pub(super) timer: Option<u64>,
    pub(super) rt: SimRt,
}

impl Future for SimSleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        let earlier = {
            let state = &mut *lock(&this.rt.shared.state);
            if this.at <= state.now {
                return Poll::Ready(());
            }
            let timer = *this.timer.get_or_insert_with(|| {
                state.next_timer += 1;
                state.next_timer
            });
            state.timers.insert((this.at, timer), cx.waker().clone())
        };
        drop(earlier);
        Poll::Pending
    }
}

impl Drop for SimSleep {
    fn drop(&mut self) {
        if let Some(timer) = self.timer {
            let forgotten = lock(&self.rt.shared.state).timers.remove(&(self.at, timer));
            drop(forgotten);
        }
    }
}

impl fmt::Debug for SimSleep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimSleep").field("at", &self.at).finish_non_exhaustive()
    }
}
