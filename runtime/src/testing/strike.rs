//! Where a fault meets a call.

use core::any::type_name;
use core::pin::Pin;
use core::task::{Context, Poll, ready};
use std::sync::Arc;

use pin_project_lite::pin_project;

use crate::fault::Alarm;
use crate::pipeline::Lifeline;
use crate::segment::Node;
use crate::stage::make::tried;
use crate::stage::{Done, Work};
use crate::testing::fault::Blow;

/// What is done to one call.
pub(crate) struct Strike {
    node: &'static str,
    lifeline: Arc<Lifeline>,
    /// What could let it go on was done so often.
    cleared: u64,
    blow: Option<Blow>,
}

impl Strike {
    /// What is done to the next call of this node: with a record, or of the `method` that is called for none. It may panic: that is one of
    /// the things.
    pub(crate) fn next(node: &Node, method: Option<&'static str>) -> Self {
        let lifeline = node.lifeline.clone();
        let (cleared, blow) = (lifeline.kit.cleared(), lifeline.kit.next(node.name, method));
        assert!(!matches!(blow, Some(Blow::Panic)), "injected");
        Strike {
            node: node.name,
            lifeline,
            cleared,
            blow,
        }
    }

    /// It fails with this, and the stage is not called.
    fn error<E: 'static>(&mut self) -> Option<E> {
        let Some(Blow::Error(error)) = &self.blow else { return None };
        match error().downcast() {
            Ok(error) => {
                self.blow = None;
                Some(*error)
            }
            Err(_) => panic!(
                "`{}` fails with `{}`: inject an error of that type",
                self.node,
                type_name::<E>()
            ),
        }
    }

    /// The same, where it cannot wait.
    pub(crate) fn direct<E: 'static>(mut self) -> Option<E> {
        let error = self.error();
        assert!(
            self.blow.is_none(),
            "`{}` is sync, so its calls cannot wait: inject an error or a panic",
            self.node
        );
        error
    }

    /// The call: it fails, or it waits before it goes on, or nothing is done to it.
    pub(crate) fn work<W: Work<Err: 'static>>(mut self, call: impl FnOnce() -> W) -> impl Work<Out = W::Out, Err = W::Err> {
        let work = tried(self.error().map_or_else(|| Ok(call()), Err));
        self.before(work)
    }

    /// It waits before the call goes on.
    fn before<W>(self, work: W) -> Struck<W> {
        let (alarm, stalls) = match self.blow {
            Some(Blow::Delay(by)) => {
                let alarm = self.lifeline.kit.alarm().map(|mut alarm| {
                    alarm.set(alarm.now() + by);
                    alarm
                });
                (alarm, false)
            }
            Some(Blow::Stall) => (None, true),
            _ => (None, false),
        };
        Struck {
            lifeline: self.lifeline,
            cleared: self.cleared,
            alarm,
            stalls,
            work,
        }
    }
}

pin_project! {
    /// See [`Strike::before`].
    pub(crate) struct Struck<W> {
        lifeline: Arc<Lifeline>,
        cleared: u64,
        alarm: Option<Alarm>,
        stalls: bool,
        #[pin]
        work: W,
    }
}

impl<W: Work> Work for Struck<W> {
    type Out = W::Out;
    type Err = W::Err;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Result<Done<W::Out>, W::Err>> {
        let this = self.project();
        if let Some(alarm) = this.alarm {
            ready!(alarm.poll(cx));
            *this.alarm = None;
        }
        if *this.stalls {
            // First this: what is cleared meanwhile is then seen, or wakes us.
            this.lifeline.kit.stalls(cx.waker());
            if *this.cleared == this.lifeline.kit.cleared() {
                return Poll::Pending;
            }
        }
        *this.stalls = false;
        this.work.poll_next(cx)
    }

    fn left(self: Pin<&mut Self>) -> Option<W::Out> {
        self.project().work.left()
    }
}
