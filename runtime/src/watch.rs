//! The reading end of an output of which the newest value counts.

use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::Arc;

use futures_core::Stream;

use crate::TryRecvError;
use crate::edge::Counted;
use crate::pipeline::Keeper;
use crate::record::Env;
use crate::ring::latest::Watcher;
use crate::rt::block_on;

/// An output port of the kind `[latest]`: one value, and this end skips to the newest. (`SLOTS` follows from the declaration: one more
/// than the ring has ends.)
///
/// * **Empty**, no value since the last one: [`recv`](Self::recv) waits; [`try_recv`](Self::try_recv) does not. With `[latest = expr]` the
///   first value is there from the start.
/// * **Full** does not happen: the pipeline never waits. A new value replaces the last one; [`lost`](Self::lost) says how many were
///   replaced before they were received.
/// * **Ended**: when everything that feeds it has ended and the last value was received, it gives `None`.
///   [`get`](Self::get) still gives that value.
/// * **Dropped**: the pipeline goes on.
///
/// ```
/// use forebay::prelude::*;
///
/// #[stage]
/// fn square(n: u64) -> u64 {
///     n * n
/// }
///
/// pipeline! {
///     Newest {
///         input  numbers: u64 [8];
///         output squared: u64 [latest = 0];
///         numbers -> square -> squared;
///     }
/// }
///
/// # fn main() -> Result<(), forebay::Error> {
/// let NewestHandle { numbers, mut squared, control } = Newest::builder().start_threads()?;
/// assert_eq!((squared.get(), squared.recv_blocking()), (Some(0), Some(0)));
/// (1..=9).try_for_each(|n| numbers.send_blocking(n))?;
/// drop(numbers);
/// control.finished_blocking().check()?;
/// assert_eq!((squared.recv_blocking(), squared.lost()), (Some(81), 8));
/// assert_eq!((squared.recv_blocking(), squared.get()), (None, Some(81)));
/// # Ok(())
/// # }
/// ```
///
/// `Clone` of the value is called by `recv`; if it panics, so does `recv`, and the value is not received again.
pub struct Watch<T: Clone + Send + Sync + 'static, const SLOTS: usize> {
    ring: Counted<Watcher<Env<T>, SLOTS>>,
    name: &'static str,
    _keeper: Arc<Keeper>,
}

impl<T: Clone + Send + Sync + 'static, const SLOTS: usize> Watch<T, SLOTS> {
    pub(crate) fn new(name: &'static str, ring: Watcher<Env<T>, SLOTS>, keeper: Arc<Keeper>) -> Self {
        Watch {
            ring: Counted::new(ring),
            name,
            _keeper: keeper,
        }
    }

    /// The newest value, once there is one that was not received; or `None` when the stream has ended.
    ///
    /// Cancel safe: a value is received only by a poll that gives it.
    pub fn recv(&mut self) -> RecvNewest<'_, T, SLOTS> {
        RecvNewest { stream: self }
    }

    /// The newest value, if it was not received yet: `Err(Empty)` when not yet, `Err(Ended)` when never again.
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        self.ring.try_recv()
    }

    /// [`recv`](Self::recv), on a thread that may sleep.
    pub fn recv_blocking(&mut self) -> Option<T> {
        block_on(self.recv())
    }

    /// The newest value, whether it was received or not; `None` before the first. It does not count as received. A stage that is busy
    /// shows what it gives at the end of each chunk, which is some 20 µs of work.
    pub fn get(&mut self) -> Option<T> {
        self.ring.ring_mut().get().map(|value| value.record.clone())
    }

    /// How many values were replaced before they were received, so far.
    pub fn lost(&self) -> u64 {
        self.ring.lost()
    }
}

impl<T: Clone + Send + Sync + 'static, const SLOTS: usize> Stream for Watch<T, SLOTS> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.get_mut().ring.poll_recv(cx)
    }
}

impl<T: Clone + Send + Sync + 'static, const SLOTS: usize> core::fmt::Debug for Watch<T, SLOTS> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Watch")
            .field("name", &self.name)
            .field("lost", &self.lost())
            .finish_non_exhaustive()
    }
}

/// The future of [`Watch::recv`]. Dropping it takes nothing.
#[must_use = "a value is received when this is awaited"]
pub struct RecvNewest<'a, T: Clone + Send + Sync + 'static, const SLOTS: usize> {
    stream: &'a mut Watch<T, SLOTS>,
}

impl<T: Clone + Send + Sync + 'static, const SLOTS: usize> Future for RecvNewest<'_, T, SLOTS> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.get_mut().stream.ring.poll_recv(cx)
    }
}
