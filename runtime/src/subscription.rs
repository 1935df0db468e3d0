//! The reading ends of an output that every reader sees.

use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::Arc;

use futures_core::Stream;

use crate::TryRecvError;
use crate::edge::{Counted, Lanes};
use crate::pipeline::Keeper;
use crate::record::Env;
use crate::ring::Reader;
use crate::ring::broadcast::Subscriber;
use crate::rt::block_on;

/// An output port of the kind `[broadcast CAP]`: each clone of it is a reader of its own, and sees every record.
///
/// The first is attached before anything runs. A clone goes on from where the one is that it is made of: clone it before the first
/// [`recv`](Self::recv), and all see the same from the first record on.
///
/// * **Empty**: [`recv`](Self::recv) waits; [`try_recv`](Self::try_recv) does not.
/// * **Full** does not happen: the pipeline never waits for a reader. The oldest of the last `CAP` records (of each task that feeds it)
///   are overwritten; a reader that is slower goes on with the oldest that is there, and [`lost`](Self::lost) says how many it missed.
/// * **Ended**: when everything that feeds it has ended and this reader has read what is left, it gives `None`.
/// * **Dropped**: the other readers, and the pipeline, go on. Nobody counts what nobody reads.
///
/// ```
/// use forebay::prelude::*;
///
/// #[stage]
/// fn double(n: u64) -> u64 {
///     n * 2
/// }
///
/// pipeline! {
///     Shown {
///         input  numbers: u64 [8];
///         output doubled: u64 [broadcast 64];
///         numbers -> double -> doubled;
///     }
/// }
///
/// # fn main() -> Result<(), forebay::Error> {
/// let ShownHandle { numbers, mut doubled, control } = Shown::builder().start_threads()?;
/// let mut other = doubled.clone();
/// numbers.send_blocking(21)?;
/// assert_eq!((doubled.recv_blocking(), other.recv_blocking()), (Some(42), Some(42)));
/// drop(numbers);
/// assert_eq!((doubled.recv_blocking(), doubled.lost()), (None, 0));
/// control.finished_blocking().check()?;
/// # Ok(())
/// # }
/// ```
///
/// The order is that of each task that feeds it. `Clone` of the record is called by the reader; if it panics, so does `recv`, and the
/// record is gone for this reader.
pub struct Subscription<T: Clone + Send + Sync + 'static, const CAP: usize> {
    ring: Counted<Lanes<Subscriber<Env<T>, CAP>>>,
    name: &'static str,
    keeper: Arc<Keeper>,
}

impl<T: Clone + Send + Sync + 'static, const CAP: usize> Subscription<T, CAP> {
    pub(crate) fn new(name: &'static str, ring: Lanes<Subscriber<Env<T>, CAP>>, keeper: Arc<Keeper>) -> Self {
        Subscription {
            ring: Counted::new(ring),
            name,
            keeper,
        }
    }

    /// The next record, or `None` when the stream has ended.
    ///
    /// Cancel safe: a record is taken only by a poll that gives it.
    pub fn recv(&mut self) -> RecvNext<'_, T, CAP> {
        RecvNext { stream: self }
    }

    /// The next record, if one is there now: `Err(Empty)` when not yet, `Err(Ended)` when never again.
    pub fn try_recv(&mut self) -> Result<T, TryRecvError> {
        self.ring.try_recv()
    }

    /// [`recv`](Self::recv), on a thread that may sleep.
    pub fn recv_blocking(&mut self) -> Option<T> {
        block_on(self.recv())
    }

    /// Takes all that is there now, [the capacity](Self::capacity) at most, and appends it to `into`; how many records.
    ///
    /// It does not wait: zero may mean "not yet" or "ended".
    pub fn drain_into(&mut self, into: &mut Vec<T>) -> usize {
        self.for_each_ready(|record| into.push(record))
    }

    /// Calls `f` with each record that is there now, [the capacity](Self::capacity) at most; how many there were.
    ///
    /// It does not wait: zero may mean "not yet" or "ended". Should `f` panic, its record is gone and no other.
    pub fn for_each_ready(&mut self, f: impl FnMut(T)) -> usize {
        self.ring.for_each_ready(self.capacity(), f)
    }

    /// Everything up to the end of the stream that this reader does not miss. It holds all of it in memory.
    pub async fn collect<C: Default + Extend<T>>(mut self) -> C {
        let mut all = C::default();
        while let Some(record) = self.recv().await {
            all.extend([record]);
        }
        all
    }

    /// How many records this reader has missed so far: overwritten before it read them. They lie before the record that was
    /// given last; those after it are known when the next one is.
    pub fn lost(&self) -> u64 {
        self.ring.lost()
    }

    /// Records that wait for this reader, as far as they are not overwritten.
    pub fn len(&self) -> usize {
        self.ring.ring().len()
    }

    /// No record waits for this reader.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many records it may be behind without missing any, and a sixteenth less where the lag begins late in the ring: `CAP`, for
    /// each task that feeds it.
    pub fn capacity(&self) -> usize {
        self.ring.ring().capacity()
    }
}

impl<T: Clone + Send + Sync + 'static, const CAP: usize> Clone for Subscription<T, CAP> {
    /// Another reader, from where this one is. It has missed nothing yet.
    fn clone(&self) -> Self {
        Subscription::new(self.name, self.ring.ring().clone(), self.keeper.clone())
    }
}

impl<T: Clone + Send + Sync + 'static, const CAP: usize> Stream for Subscription<T, CAP> {
    type Item = T;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.get_mut().ring.poll_recv(cx)
    }
}

impl<T: Clone + Send + Sync + 'static, const CAP: usize> core::fmt::Debug for Subscription<T, CAP> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Subscription")
            .field("name", &self.name)
            .field("len", &self.len())
            .field("lost", &self.lost())
            .finish_non_exhaustive()
    }
}

/// The future of [`Subscription::recv`]. Dropping it takes nothing.
#[must_use = "a record is received when this is awaited"]
pub struct RecvNext<'a, T: Clone + Send + Sync + 'static, const CAP: usize> {
    stream: &'a mut Subscription<T, CAP>,
}

impl<T: Clone + Send + Sync + 'static, const CAP: usize> Future for RecvNext<'_, T, CAP> {
    type Output = Option<T>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<T>> {
        self.get_mut().stream.ring.poll_recv(cx)
    }
}
