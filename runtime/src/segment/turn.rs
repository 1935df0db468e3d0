//! How long one call may go on before others have their turn.

use core::future::poll_fn;
use core::task::Poll;
use std::time::Instant;

use crate::rt::look;
use crate::segment::tempo::{POLL_RECORDS, POLL_TIME};

/// How many records a call gives, and for how long, before others have their turn.
#[derive(Default)]
pub(crate) struct Turn {
    given: u64,
    since: Option<Instant>,
}

impl Turn {
    /// It has given one more.
    #[inline]
    pub(crate) fn is_over(&mut self) -> bool {
        self.given += 1;
        // The clock costs more than ten records do, so it is looked at seldom: not at all for the first few.
        self.given >= 4 && self.given.is_power_of_two() && self.look_at_clock()
    }

    #[cold]
    fn look_at_clock(&mut self) -> bool {
        let now = look();
        let since = *self.since.get_or_insert(now);
        let over = self.given >= POLL_RECORDS || now - since > POLL_TIME;
        if over {
            *self = Turn::default();
        }
        over
    }
}

/// Lets other tasks run.
pub(crate) async fn rest() {
    let mut rested = false;
    poll_fn(|cx| {
        if core::mem::replace(&mut rested, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
