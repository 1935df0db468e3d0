//! The way out of a stage that gives records over time.

use core::future::poll_fn;
use core::mem::replace;
use core::pin::{Pin, pin};
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

    /// Calls a stage outside of a pipeline, as a test does: what it gave, and what it returned.
    ///
    /// ```
    /// # use forebay::prelude::*;
    /// #[stage]
    /// async fn count_to(n: u32, out: &mut Emit<u32>) {
    ///     for i in 1..=n {
    ///         out.emit(i).await;
    ///     }
    /// }
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// let (given, ()) = Emit::collect(async |out| count_to(3, out).await).await;
    /// assert_eq!(given, [1, 2, 3]);
    /// # });
    /// ```
    pub async fn collect<R>(call: impl AsyncFnOnce(&mut Emit<T>) -> R) -> (Vec<T>, R) {
        let mut cell = EmitCell::default();
        let (emit, taker) = cell.split();
        let mut call = pin!(call(emit));
        let mut given = Vec::new();
        let returned = poll_fn(|cx| {
            loop {
                let step = call.as_mut().poll(cx);
                let record = taker.take(cx);
                let has_room_again = record.is_some();
                given.extend(record);
                if step.is_ready() || !has_room_again {
                    return step;
                }
            }
        });
        let returned = returned.await;
        (given, returned)
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
                waits: false,
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
        let waits = replace(&mut state.waits, false);
        // A stage that waits under the caller's own waker is polled anyway; one that polls its parts by wakers of its own
        // has to be told.
        if let Some(waiter) = &state.waiter
            && waits
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
    /// It still does.
    waits: bool,
}

impl<T> Slot<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> State<T> {
    fn wait(&mut self, waker: &Waker) {
        self.waits = true;
        match &mut self.waiter {
            Some(waiter) => waiter.clone_from(waker),
            None => self.waiter = Some(waker.clone()),
        }
    }
}
