//! A clock with one alarm, for what a node waits for.

use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::Arc;
use std::time::Instant;

use crate::rt::Rt;

/// A clock with one alarm: that of the runtime which the node runs on.
///
/// It is made when the pipeline starts; setting it allocates nothing. A node is not generic over its runtime, so that one
/// call goes through a table: beside the clock and the timer it costs nothing that could be measured, and it is made only
/// where an option waits for time.
pub struct Alarm(Box<dyn Clock>);

trait Clock: Send {
    fn now(&self) -> Instant;
    fn set(&mut self, at: Instant);
    fn clear(&mut self);
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()>;
}

struct Of<R: Rt> {
    rt: R,
    /// Its room is kept: a timer must not move while it is set.
    sleep: Pin<Box<Option<R::Sleep>>>,
}

impl<R: Rt> Clock for Of<R> {
    fn now(&self) -> Instant {
        self.rt.now()
    }
    fn set(&mut self, at: Instant) {
        let sleep = self.rt.sleep_until(at);
        self.sleep.set(Some(sleep));
    }
    fn clear(&mut self) {
        self.sleep.set(None);
    }
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        match self.sleep.as_mut().as_pin_mut() {
            Some(sleep) => sleep.poll(cx),
            None => Poll::Pending,
        }
    }
}

impl Alarm {
    /// An alarm of this runtime, not set.
    pub fn new<R: Rt>(rt: &R) -> Self {
        Alarm(Box::new(Of {
            rt: rt.clone(),
            sleep: Box::pin(None),
        }))
    }

    /// The time of the runtime.
    pub fn now(&self) -> Instant {
        self.0.now()
    }

    /// Sets it, or sets it anew.
    pub fn set(&mut self, at: Instant) {
        self.0.set(at);
    }

    /// Forgets it.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Ready when it rings; never, if it is not set.
    pub fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        self.0.poll(cx)
    }
}

/// Makes alarms: for what waits outside of the pipeline, as often as it does.
#[derive(Clone)]
pub struct Alarms(Arc<dyn Fn() -> Alarm + Send + Sync>);

impl Alarms {
    /// Of this runtime.
    pub(crate) fn new<R: Rt>(rt: &R) -> Self {
        let rt = rt.clone();
        Alarms(Arc::new(move || Alarm::new(&rt)))
    }

    /// One, not set.
    pub(crate) fn alarm(&self) -> Alarm {
        (self.0)()
    }
}
