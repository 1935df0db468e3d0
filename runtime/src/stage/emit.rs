//! The way out of a stage that gives records over time.

use alloc::sync::Arc;
use alloc::vec::Vec;
use core::future::poll_fn;
use core::pin::{Pin, pin};
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{Context, Poll, Waker};

use crate::ring::Lock;
use crate::ring::slot::{self, slot};

/// The way out of a stage that gives records over time: `out.emit(record).await`.
///
/// It has room for one record. The first `emit` succeeds at once; the next waits until the pipeline has taken the one
/// before, so a stage runs no faster than what it feeds. [`Emit::collect`] calls such a stage in a test.
#[derive(Debug)]
pub struct Emit<T> {
    putter: slot::Putter<T>,
    /// The waker that `waits` has from this side.
    known: Option<Waker>,
    waits: Arc<Waits>,
}

impl<T> Emit<T> {
    /// Gives `record`, as soon as the one before it is taken.
    pub fn emit(&mut self, record: T) -> Emitted<'_, T> {
        Emitted {
            emit: self,
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
    emit: &'a mut Emit<T>,
    record: Option<T>,
}

impl<T> Unpin for Emitted<'_, T> {}

impl<T> Future for Emitted<'_, T> {
    type Output = ();

    #[inline]
    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = self.get_mut();
        if this.emit.putter.put(&mut this.record) {
            return Poll::Ready(());
        }
        let known = this.emit.known.as_ref().is_some_and(|known| known.will_wake(cx.waker()));
        if !known {
            this.emit.waits.change(cx.waker());
            this.emit.known = Some(cx.waker().clone());
        }
        this.emit.waits.now.store(true, Ordering::Relaxed);
        Poll::Pending
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
        let ((putter, taker), waits) = (slot(), Arc::new(Waits::new()));
        EmitCell {
            emit: Emit {
                putter,
                known: None,
                waits: waits.clone(),
            },
            taker: Taker {
                taker,
                waits,
                waiter: None,
            },
        }
    }
}

impl<T> EmitCell<T> {
    /// The stage's side and the pipeline's, for one call.
    pub(crate) fn split(&mut self) -> (&mut Emit<T>, &mut Taker<T>) {
        // A call that panicked may have left a record, which does not belong to the next.
        self.taker.left();
        (&mut self.emit, &mut self.taker)
    }
}

/// The pipeline's side of an [`Emit`].
#[derive(Debug)]
pub(crate) struct Taker<T> {
    taker: slot::Taker<T>,
    /// The waker that `waits` had last.
    waiter: Option<Waker>,
    waits: Arc<Waits>,
}

impl<T> Taker<T> {
    /// What the stage has given, if anything. The caller polls the stage again before it waits.
    #[inline]
    pub(crate) fn take(&mut self, cx: &Context<'_>) -> Option<T> {
        let record = self.taker.take()?;
        if self.waits.now.load(Ordering::Relaxed) {
            self.waits.now.store(false, Ordering::Relaxed);
            self.make_known(cx.waker());
        }
        Some(record)
    }

    /// Wakes a stage that waits for room under a waker of its own, as a part of a larger future does. One that waits under
    /// the caller's waker is polled anyway.
    #[inline]
    fn make_known(&mut self, caller: &Waker) {
        if self.waits.changed.load(Ordering::Acquire)
            && let Some(waiter) = self.waits.changed()
        {
            self.waiter = Some(waiter);
        }
        if let Some(waiter) = &self.waiter
            && !waiter.will_wake(caller)
        {
            waiter.wake_by_ref();
        }
    }

    /// What a stage gave before it panicked.
    pub(crate) fn left(&mut self) -> Option<T> {
        self.waits.now.store(false, Ordering::Relaxed);
        self.taker.take()
    }
}

/// Who waits for room. Both sides run in turns within the polls of one task, so the flags need no order among each other;
/// the waker is locked only when it is another one than before, which for most stages is once.
#[derive(Debug)]
struct Waits {
    now: AtomicBool,
    changed: AtomicBool,
    waker: Lock<Option<Waker>>,
}

impl Waits {
    fn new() -> Self {
        Waits {
            now: AtomicBool::new(false),
            changed: AtomicBool::new(false),
            waker: Lock::new(None),
        }
    }

    #[cold]
    fn change(&self, waker: &Waker) {
        let waker = Some(waker.clone());
        drop(self.waker.with(|waits| core::mem::replace(waits, waker)));
        self.changed.store(true, Ordering::Release);
    }

    /// The other waker, unless it was fetched already.
    #[cold]
    fn changed(&self) -> Option<Waker> {
        self.changed.store(false, Ordering::Relaxed);
        self.waker.with(Option::take)
    }
}
