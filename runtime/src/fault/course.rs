//! What goes on between the calls of one record or batch.

use core::future::poll_fn;
use core::task::Poll;
use std::time::{Duration, Instant};

use crate::edge::{Cause, Place};
use crate::fault::breaker::{Outcome, Pass};
use crate::fault::guarded::Guards;
use crate::fault::keys::{Keys, Turn};
use crate::segment::Node;

/// How far the tries of one record or batch have come.
pub(crate) struct Course {
    /// Tries that failed before it came here.
    before: u32,
    /// Tries that failed here.
    pub(crate) failed: u32,
    /// How long to wait before the next try.
    wait: Duration,
    /// What the breaker has let through.
    pass: Option<Pass>,
    /// When it is late.
    pub(crate) late: Option<Instant>,
    /// The hash of its key, where the node has a rate for each.
    pub(crate) key: u64,
}

impl Course {
    /// Of what has failed so often before.
    pub(crate) fn new(before: u32) -> Self {
        Course {
            before,
            failed: 0,
            wait: Duration::ZERO,
            pass: None,
            late: None,
            key: 0,
        }
    }

    /// Tries that failed so far, everywhere.
    pub(crate) fn attempts(&self) -> u32 {
        self.before.saturating_add(self.failed)
    }

    /// Waits until the stage may be called. Otherwise it has ended: with a cause, or cut.
    pub(crate) async fn ready<E>(
        &mut self,
        node: &Node,
        guards: &mut Guards<E>,
        next: &mut impl Place,
    ) -> Result<(), Option<Cause<E>>> {
        let ready = self.wait_for_all(node, guards, next).await;
        if ready.is_err() {
            // It will not be called: what it was let through for is for others to try.
            self.called(guards, Outcome::Cut);
        }
        ready
    }

    async fn wait_for_all<E>(
        &mut self,
        node: &Node,
        guards: &mut Guards<E>,
        next: &mut impl Place,
    ) -> Result<(), Option<Cause<E>>> {
        if node.dead {
            return Err(Some(Cause::WorkerDead));
        }
        if self.late.is_some_and(|late| late <= guards.limits.alarm.now()) {
            return Err(Some(Cause::Late));
        }
        if !self.wait.is_zero() {
            let until = guards.limits.alarm.now() + self.wait;
            self.pause(node, guards, until, next).await?;
        }
        // First the breaker: while it is open nothing waits, and no permit is used.
        self.enter(guards)?;
        if let Some(rate) = guards.rate.clone() {
            let now = guards.limits.alarm.now();
            // Its turn would come too late: it need not wait for that.
            let permit = rate.take(now, self.late).ok_or(Some(Cause::Late))?;
            if permit.from > now {
                self.pause(node, guards, permit.from, next).await?;
                rate.used(permit, guards.limits.alarm.now());
                self.enter(guards)?;
            }
        }
        if let Some(keys) = guards.keys.clone() {
            self.wait_for_key(&keys, node, guards, next).await?;
        }
        Ok(())
    }

    /// Waits for the turn of its key.
    async fn wait_for_key<E>(
        &mut self,
        keys: &Keys,
        node: &Node,
        guards: &mut Guards<E>,
        next: &mut impl Place,
    ) -> Result<(), Option<Cause<E>>> {
        loop {
            let now = guards.limits.alarm.now();
            match keys.take(self.key, now, self.late) {
                Turn::From(from) if from <= now => return Ok(()),
                Turn::From(from) => {
                    self.pause(node, guards, from, next).await?;
                    return self.enter(guards);
                }
                Turn::Ask(again) => {
                    self.pause(node, guards, again, next).await?;
                    self.enter(guards)?;
                }
                Turn::Late => return Err(Some(Cause::Late)),
            }
        }
    }

    /// Asks the breaker, unless it has given leave to probe.
    fn enter<E>(&mut self, guards: &Guards<E>) -> Result<(), Option<Cause<E>>> {
        if let Some(breaker) = &guards.breaker
            && self.pass.is_none_or(|pass| pass == Pass::Free)
        {
            self.pass = breaker.enter(|| guards.limits.alarm.now());
            self.pass.ok_or(Some(Cause::BreakerOpen))?;
        }
        Ok(())
    }

    /// The call has ended so.
    pub(crate) fn called<E>(&mut self, guards: &Guards<E>, outcome: Outcome) {
        if let (Some(breaker), Some(pass)) = (&guards.breaker, self.pass.take()) {
            breaker.leave(pass, outcome, || guards.limits.alarm.now());
        }
    }

    /// Another try may follow this one.
    pub(crate) fn has_more<E>(&self, guards: &Guards<E>) -> bool {
        guards.retry.as_ref().is_some_and(|retry| self.failed < retry.more)
    }

    /// This try has failed: true, if another follows.
    pub(crate) fn again<E>(&mut self, guards: &mut Guards<E>, cause: &Cause<E>) -> bool {
        // What was given cannot be taken back: another try would give it twice.
        if !self.has_more(guards) || guards.limits.gave {
            return false;
        }
        // Then the next try would not be let through: what is known of this one says more.
        if guards.breaker.as_ref().is_some_and(|breaker| breaker.is_tripped()) {
            return false;
        }
        let Some(retry) = guards.retry.as_mut().filter(|retry| retry.helps(cause)) else {
            return false;
        };
        self.failed += 1;
        self.wait = retry.wait(self.failed);
        true
    }

    /// Waits until then. What was written before is seen meanwhile. The error: it is late, or was aborted.
    async fn pause<E>(
        &self,
        node: &Node,
        guards: &mut Guards<E>,
        until: Instant,
        next: &mut impl Place,
    ) -> Result<(), Option<Cause<E>>> {
        let alarm = &mut guards.limits.alarm;
        let late = self.late.filter(|late| *late < until);
        alarm.set(late.unwrap_or(until));
        let waited = poll_fn(|cx| {
            if node.lifeline.aborted() {
                return Poll::Ready(Err(None));
            }
            next.flush();
            alarm.poll(cx).map(|()| match late {
                Some(_) => Err(Some(Cause::Late)),
                None => Ok(()),
            })
        })
        .await;
        alarm.clear();
        waited
    }
}
