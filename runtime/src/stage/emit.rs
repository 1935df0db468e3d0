//! The way out of a stage that gives records over time.

use core::future::Future;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The way out of a stage that gives records over time: `out.emit(record).await`.
///
/// It has room for one record. The first `emit` succeeds at once; the next waits until the pipeline has taken the one
/// before, so a stage runs no faster than what it feeds. [`Emit::collect`] calls such a stage in a test.
#[derive(Debug)]
pub struct Emit<T> {
    slot: Arc<Slot<T>>,
}

impl<T> Emit<T> {
    /// Gives `record`, as soon as the one before it is taken.
    pub fn emit(&mut self, record: T) -> Emitted<'_, T> {
        Emitted {
            slot: &self.slot,
            record: Some(record),
        }
    }
}

/// The future of [`Emit::emit`]. Dropped before it is ready, it drops its record, which was never given.
#[derive(Debug)]
#[must_use = "the record is given when this is awaited"]
pub struct Emitted<'a, T> {
    slot: &'a Slot<T>,
    record: Option<T>,
}

impl<T> Unpin for Emitted<'_, T> {}

impl<T> Future for Emitted<'_, T> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        let mut state = this.slot.lock();
        if state.record.is_some() {
            state.wait(cx.waker());
            return Poll::Pending;
        }
        state.record = Some(this.record.take().expect("polled after it was ready"));
        Poll::Ready(())
    }
}

/// Both sides of an [`Emit`], kept by the node from record to record: it allocates once.
#[derive(Debug)]
pub struct EmitCell<T> {
    emit: Emit<T>,
    taker: Taker<T>,
}

impl<T> Default for EmitCell<T> {
    fn default() -> Self {
        let slot = Arc::new(Slot {
            state: Mutex::new(State {
                record: None,
                waiter: None,
            }),
        });
        EmitCell {
            emit: Emit { slot: slot.clone() },
            taker: Taker { slot },
        }
    }
}

impl<T> EmitCell<T> {
    /// The stage's side and the pipeline's, for one call.
    pub(crate) fn split(&mut self) -> (&mut Emit<T>, &mut Taker<T>) {
        // A call that panicked may have left a record, which does not belong to the next.
        self.taker.slot.lock().record = None;
        (&mut self.emit, &mut self.taker)
    }
}

/// The pipeline's side of an [`Emit`].
#[derive(Debug)]
pub(crate) struct Taker<T> {
    slot: Arc<Slot<T>>,
}

impl<T> Taker<T> {
    /// What the stage has given, if anything. The caller polls the stage again before it waits.
    pub(crate) fn take(&mut self, cx: &Context<'_>) -> Option<T> {
        let mut state = self.slot.lock();
        let record = state.record.take()?;
        // A stage that waits under the caller's own waker is polled anyway; one that polls its parts by wakers of its own
        // has to be told.
        if let Some(waiter) = &state.waiter
            && !waiter.will_wake(cx.waker())
        {
            waiter.wake_by_ref();
        }
        Some(record)
    }

    /// What a stage gave before it panicked.
    pub(crate) fn left(&mut self) -> Option<T> {
        self.slot.lock().record.take()
    }
}

/// Room for one record. Both sides run within one poll of one task, so the lock is never contended.
#[derive(Debug)]
struct Slot<T> {
    state: Mutex<State<T>>,
}

#[derive(Debug)]
struct State<T> {
    record: Option<T>,
    /// Who was waiting last; kept, so that one task's waker is cloned once.
    waiter: Option<Waker>,
}

impl<T> Slot<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    fn wait(&mut self, waker: &Waker) {
        match &mut self.waiter {
            Some(waiter) => waiter.clone_from(waker),
            None => self.waiter = Some(waker.clone()),
        }
    }
}
