//! Ports with `offer`: how long a caller waits.

use core::task::{Context, Poll};
use std::time::Duration;

use crate::edge::Countdown;
use crate::fault::Alarms;

/// How often a full port is tried again, and when.
#[derive(Clone)]
pub(crate) struct Patience {
    pub(crate) more: u32,
    pub(crate) every: Duration,
    pub(crate) alarms: Alarms,
}

impl Patience {
    /// For one record, from now on.
    pub(super) fn countdown(&self) -> Countdown {
        Countdown::new(self.more, self.every, self.alarms.alarm())
    }
}

/// What limits a wait.
pub(super) struct Limit(pub(super) Option<Countdown>);

impl Limit {
    /// Ready when it is time to try again: true for the last time. Never, where a caller waits without a limit.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<bool> {
        self.0.as_mut().map_or(Poll::Pending, |countdown| countdown.poll(cx))
    }
}
