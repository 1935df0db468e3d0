//! What goes on in the background, and how to wait for its end.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::ring::rouse;
use crate::rt::block_on;

/// The end of something that runs in the background: a future of what that gave.
///
/// The work goes on whether or not anybody waits: **dropping an `AsyncTask` cancels nothing.**
/// Any number of them may wait for the same end; each gets the value.
#[must_use = "the work goes on without it, but nobody waits for its end: `.await` it, or call `wait_blocking()`"]
pub struct AsyncTask<T> {
    shared: Arc<Shared<T>>,
    /// Where the waker of this task is kept, once it has waited.
    place: Option<usize>,
}

/// The value to come, and who waits for it. This is no hot path: it is locked twice for each who waits.
struct Shared<T> {
    state: Mutex<State<T>>,
}

struct State<T> {
    /// What gives the value, each time it is asked for.
    value: Option<Arc<dyn Fn() -> T + Send + Sync>>,
    /// The wakers of those who wait, each at its own place; a place is used again when its task was dropped.
    waiting: Vec<Option<Waker>>,
}

impl<T> Shared<T> {
    fn lock(&self) -> MutexGuard<'_, State<T>> {
        // A clone that panicked leaves the state as it was.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> AsyncTask<T> {
    /// Waits on this thread, which sleeps meanwhile. Do not call it in async code: it would hold up other tasks.
    pub fn wait_blocking(self) -> T {
        block_on(self)
    }
}

impl<T> Future for AsyncTask<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        let this = &mut *self;
        let mut state = this.shared.lock();
        if let Some(value) = state.value.clone() {
            drop(state);
            return Poll::Ready(value());
        }
        let place = *this.place.get_or_insert_with(|| state.free_place());
        let earlier = state.waiting[place].replace(cx.waker().clone());
        // A waker may run anything when it is dropped: the lock goes first.
        drop(state);
        drop(earlier);
        Poll::Pending
    }
}

impl<T> State<T> {
    fn free_place(&mut self) -> usize {
        self.waiting.iter().position(Option::is_none).unwrap_or_else(|| {
            self.waiting.push(None);
            self.waiting.len() - 1
        })
    }
}

impl<T> Drop for AsyncTask<T> {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            // After the end there are no places left. The lock is gone before the waker is.
            let waker = self.shared.lock().waiting.get_mut(place).and_then(Option::take);
            drop(waker);
        }
    }
}

impl<T> fmt::Debug for AsyncTask<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AsyncTask")
            .field("completed", &self.shared.lock().value.is_some())
            .finish()
    }
}

/// The end of something, before it has come: [`complete`](Self::complete) it once, wait for it as often as you like.
///
/// Clones are the same end. Whoever holds the completing side must complete it on every path, a panic included.
pub struct Completion<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Clone for Completion<T> {
    fn clone(&self) -> Self {
        Completion {
            shared: self.shared.clone(),
        }
    }
}

impl<T> Default for Completion<T> {
    fn default() -> Self {
        let state = State {
            value: None,
            waiting: Vec::new(),
        };
        Completion {
            shared: Arc::new(Shared {
                state: Mutex::new(state),
            }),
        }
    }
}

impl<T> Completion<T> {
    /// An end that has not come.
    pub fn new() -> Self {
        Self::default()
    }

    /// The end has come: everyone who waits gets `value`. The first value counts; says whether this was it.
    pub fn complete(&self, value: T) -> bool
    where
        T: Clone + Send + Sync + 'static,
    {
        self.complete_with(move || value.clone())
    }

    /// The end has come: everyone who waits gets what `value` gives when they look.
    pub fn complete_with(&self, value: impl Fn() -> T + Send + Sync + 'static) -> bool {
        let mut state = self.shared.lock();
        if state.value.is_some() {
            return false;
        }
        state.value = Some(Arc::new(value));
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        waiting.into_iter().flatten().for_each(rouse);
        true
    }

    /// Waits for the end.
    pub fn wait(&self) -> AsyncTask<T> {
        AsyncTask {
            shared: self.shared.clone(),
            place: None,
        }
    }

    /// The value, if the end has come.
    pub fn get(&self) -> Option<T> {
        let value = self.shared.lock().value.clone()?;
        Some(value())
    }
}

impl<T> fmt::Debug for Completion<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completion")
            .field("completed", &self.shared.lock().value.is_some())
            .finish()
    }
}

#[cfg(test)]
#[path = "task_tests.rs"]
mod tests;
