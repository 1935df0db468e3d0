//! Rings: bounded buffers with a capacity known to the compiler. Pipelines are made of them; they are of use by themselves too.
//!
//! | ring | writers | readers | a record goes to | when it is full |
//! |---|---|---|---|---|
//! | [`spsc`] | one | one | the reader | waits, or says so |
//! | [`mpsc`] | any | one | the reader | waits, or says so |
//! | [`mpmc`] | any | any | one of the readers | waits, says so, or the oldest makes room |
//! | [`broadcast`] | one | any | every reader | the oldest is overwritten |
//! | [`latest`] | any | any | every reader that is quick enough | the value is replaced |
//! | [`mailbox`] | any | any | one of the readers | the record is replaced |
//!
//! All keep their records inline and are all zero bytes when empty: one may be a `static`, for which the binary has no bytes, or lie on
//! the heap (`boxed()`), where it is made in place; ends are made from either, a `&'static` or an `Arc`. `broadcast` and `latest` count what
//! each reader has lost, a `mailbox` what each sender has overwritten; otherwise rings do not count: what was offered and taken is the
//! ledger's business. The argument for their safety is in `docs/rings.md`, and what is different without `std`: all rings are there, in a
//! `static` and without an allocator; what parks a thread is not.
//!
//! A *segment* is whoever waits for room by [`Writer::poll_room`], with others to do meanwhile: it is woken for a batch. A sender *from
//! outside* waits by [`mpmc::Sender::send`] and the like, for one slot that is then its own.
//!
//! The two ends have methods of their own, and all are driven through [`Writer`] and [`Reader`], by segments and by anybody else:
//!
//! ```
//! use core::future::poll_fn;
//! use forebay::ring::{Reader, Writer, spsc};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let (mut producer, mut consumer) = spsc::split(spsc::Spsc::<u64, 64>::boxed()).expect("it is new");
//! let writer = tokio::spawn(async move {
//!     let records: Vec<u64> = (0..1000).collect();
//!     let mut rest = &records[..];
//!     while !rest.is_empty() {
//!         poll_fn(|cx| producer.poll_room(cx)).await.expect("the reader is there");
//!         rest = &rest[producer.push_slice(rest)..];
//!     }
//! });
//! let mut records = Vec::new();
//! while poll_fn(|cx| consumer.poll_ready(cx)).await != 0 {
//!     consumer.drain_into(&mut records);
//! }
//! assert_eq!(records, Vec::from_iter(0..1000));
//! # writer.await.expect("it does not panic");
//! # }
//! ```

#[cfg(feature = "std")]
mod block;
pub mod broadcast;
mod held;
pub mod latest;
pub mod mailbox;
#[cfg(all(test, forebay_loom))]
pub(crate) mod model;
pub mod mpmc;
pub mod mpsc;
mod recv;
#[cfg(all(test, forebay_shuttle))]
pub(crate) mod schedule;
#[cfg(feature = "alloc")]
pub(crate) mod slot;
pub mod spsc;
mod stool;
pub(crate) mod sync;
#[cfg(all(test, any(forebay_loom, forebay_shuttle)))]
mod trial;
mod wait;
mod waiters;

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::task::{Context, Poll};

pub use held::Held;
pub use recv::Recv;
pub use stool::SEATS;
#[cfg(feature = "alloc")]
pub(crate) use sync::Lock;
use wait::discard;
#[cfg(feature = "std")]
pub(crate) use wait::rouse;

// Words hold a position beside other things: what is left of 16 bits would wrap too soon.
const _: () = assert!(usize::BITS >= 32, "the rings want addresses of 32 bits or more");

/// The other side has closed: no record gets through any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed;

impl core::fmt::Display for Closed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("the ring is closed")
    }
}

impl core::error::Error for Closed {}

/// Why a record was not accepted; it comes back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum PushError<T> {
    /// No room for now.
    Full(T),
    /// No room ever again: the ring is closed.
    Closed(T),
}

impl<T> PushError<T> {
    /// The record.
    pub fn into_inner(self) -> T {
        match self {
            PushError::Full(record) | PushError::Closed(record) => record,
        }
    }
}

// Whatever a record is, that it did not get in can be shown.
impl<T> core::fmt::Debug for PushError<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            PushError::Full(_) => "Full(..)",
            PushError::Closed(_) => "Closed(..)",
        })
    }
}

impl<T> core::fmt::Display for PushError<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            PushError::Full(_) => f.write_str("the ring is full"),
            PushError::Closed(_) => Closed.fmt(f),
        }
    }
}

impl<T> core::error::Error for PushError<T> {}

/// The end of a ring that takes records in.
///
/// A push is *written* at once and *published* later, in one go for a batch: publish at the end of a chunk, before waiting
/// for anything, and when the reader is seen asleep. Ends that are dropped close.
pub trait Writer<T>: Send {
    /// Nobody sees a record before it is published; otherwise a reader that is awake may take it at once.
    const HIDES: bool;

    /// Writes a record. It may stay invisible, and wakes nobody, until [`publish`](Self::publish).
    ///
    /// `Ok` after the readers have closed is possible: [`reclaim`](Self::reclaim) gives such records back.
    fn push(&mut self, record: T) -> Result<(), PushError<T>>;

    /// How many records surely fit now, as far as this end knows; looks again only when it knows of no room.
    /// With several writers on one ring it is a hint.
    fn room(&mut self) -> usize;

    /// Makes what was written visible, and wakes readers that sleep.
    fn publish(&mut self);

    /// Records written and not yet published.
    fn unpublished(&self) -> usize;

    /// Waits for room. Publishes before it waits.
    ///
    /// `Ready(Ok(n))`: `n > 0` records fit (with several writers, another may be quicker: then a push gives `Full`, and this is
    /// to be polled again). `Ready(Err(Closed))`: the readers are gone, call [`reclaim`](Self::reclaim).
    /// One registration a writer: the last waker counts. Segments that wait here are woken at half empty.
    fn poll_room(&mut self, cx: &mut Context<'_>) -> Poll<Result<usize, Closed>>;

    /// Stops waiting, if the last [`poll_room`](Self::poll_room) was pending. Nothing is lost by it.
    fn unwait(&mut self);

    /// This writer is done: publishes, then leaves. The ring ends with its last writer. Pushes fail from here on.
    fn close(&mut self);

    /// A push is in vain: the readers, or this writer, have closed.
    fn is_closed(&self) -> bool;

    /// Takes back a record that no reader will take any more, so that it can be counted; `None` when there is none, or
    /// readers are still there. Who closes last, the writers or the readers, finds what is left: call this until `None`
    /// after `Closed`, and after [`close`](Self::close).
    fn reclaim(&mut self) -> Option<T>;

    /// Records in the ring, the unpublished ones too.
    fn len(&self) -> usize;

    /// No record is in the ring.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The capacity of the ring.
    fn capacity(&self) -> usize;

    /// A reader sleeps (a relaxed look): publish soon.
    fn peer_asleep(&self) -> bool;

    /// Pushes clones of `records`, from the first on, as many as there is room for, and publishes them. Says how many.
    ///
    /// 0 where the ring is full, or [closed](Self::is_closed). A ring that overwrites takes them all. Should a `Clone` panic,
    /// those before it are in. As with [`push`](Self::push), readers that go meanwhile leave records to be
    /// [reclaimed](Self::reclaim).
    fn push_slice(&mut self, records: &[T]) -> usize
    where
        T: Clone,
    {
        /// Publishes, should a clone panic too.
        struct Publish<'a, T, W: Writer<T> + ?Sized>(&'a mut W, core::marker::PhantomData<T>);
        impl<T, W: Writer<T> + ?Sized> Drop for Publish<'_, T, W> {
            fn drop(&mut self) {
                self.0.publish();
            }
        }
        if self.is_closed() {
            return 0;
        }
        let end = Publish(self, core::marker::PhantomData);
        records
            .iter()
            .take_while(|record| end.0.room() != 0 && end.0.push((*record).clone()).is_ok())
            .count()
    }

    /// Pushes a record and [publishes](Self::publish) it. `Closed` if the readers have gone: those that go meanwhile leave records to be
    /// [reclaimed](Self::reclaim).
    fn try_push(&mut self, record: T) -> Result<(), PushError<T>> {
        if self.is_closed() {
            return Err(PushError::Closed(record));
        }
        self.push(record)?;
        self.publish();
        Ok(())
    }

    /// How full the ring is: 0.0 is empty, 1.0 is full. At a writer of a `broadcast` or a `latest`, which never finds it full,
    /// always 0.0.
    fn pressure(&self) -> f64 {
        pressure(self.len(), self.capacity())
    }
}

/// How full a ring is.
fn pressure(len: usize, capacity: usize) -> f64 {
    len as f64 / capacity as f64
}

/// The end of a ring that gives records out.
///
/// A popped record's slot may stay taken until [`release`](Self::release), which gives them back in one go: release at the
/// end of a chunk, and [`release_now`](Self::release_now) before waiting for something other than this ring.
pub trait Reader<T>: Send {
    /// Other readers take records out of the same ring: what one of them was called for may be for another.
    const SHARED: bool;

    /// How many records can surely be popped now, as far as this end knows; looks again only when it knows of none.
    /// With several readers on one ring it is a hint.
    fn ready(&mut self) -> usize;

    /// Takes a record out. Its slot stays taken until [`release`](Self::release).
    fn pop(&mut self) -> Option<T>;

    /// Takes out up to `most` records, one by one, as long as `take` says so. Should `take` panic, its record is taken out and
    /// no other.
    #[inline(always)]
    fn pop_each(&mut self, most: usize, mut take: impl FnMut(T) -> bool) {
        for _ in 0..most {
            let Some(record) = self.pop() else { return };
            if !take(record) {
                return;
            }
        }
    }

    /// How many records this end has taken out: counts up for ever, and wraps.
    fn popped(&self) -> usize;

    /// Gives the slots of popped records back. Writers that sleep in [`Writer::poll_room`] are woken once the ring is half
    /// empty, senders from outside at any free slot.
    fn release(&mut self);

    /// The same, and wakes every kind of writer at any free slot: for slow readers.
    fn release_now(&mut self);

    /// Waits for records. Releases before it waits, and never sleeps while a writer sleeps on a ring that has room.
    ///
    /// `Ready(n)` with `n > 0`: records are there (with several readers, another may be quicker: then a pop gives `None`, and
    /// this is to be polled again). Who gets `Ready` takes at least one, or the others may sleep on it.
    /// `Ready(0)`: ended, the writers have closed and everything was taken; or this end has closed and nothing of what is
    /// left is its to take. One registration a reader: the last waker counts.
    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<usize>;

    /// Stops waiting, if the last [`poll_ready`](Self::poll_ready) was pending; a wake-up that came meanwhile is passed on
    /// to another reader. A task that waited on several rings and goes to work for one of them calls it on the others that
    /// are [shared](Self::SHARED), or a record may wait for a busy reader while another is idle.
    fn unwait(&mut self);

    /// This reader leaves. The ring closes with its last reader: writers see [`Closed`].
    ///
    /// What is left belongs to the readers that stay; after the last one, to whoever of writers and readers closed last.
    /// So after this call pop, or poll, until the end: what comes out was left for this reader. In a ring with several ends on a side that is
    /// all that was accepted; in `spsc` nothing, if the producer is still there: it [reclaims](Writer::reclaim).
    fn close(&mut self);

    /// Nothing will come out of this end any more.
    fn is_ended(&self) -> bool;

    /// Records in the ring, as far as they are published.
    fn len(&self) -> usize;

    /// No record is in the ring.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The capacity of the ring.
    fn capacity(&self) -> usize;

    /// A writer sleeps (a relaxed look): release soon.
    fn peer_asleep(&self) -> bool;

    /// Takes out what is there, [the capacity](Self::capacity) at most, appends it to `records`, and releases the slots. Says how many.
    #[cfg(feature = "alloc")]
    fn drain_into(&mut self, records: &mut Vec<T>) -> usize {
        let before = records.len();
        self.pop_each(self.capacity(), |record| {
            records.push(record);
            true
        });
        self.release_now();
        records.len() - before
    }

    /// Takes out as many records as there are, and as `places` has room for, from its first place on, and releases the slots. Says
    /// how many.
    fn drain_to_slice(&mut self, places: &mut [T]) -> usize {
        let mut drained = 0;
        self.pop_each(places.len(), |record| {
            // The place's last record is dropped when this one counts: its drop may panic.
            let last = core::mem::replace(&mut places[drained], record);
            drained += 1;
            drop(last);
            true
        });
        self.release_now();
        drained
    }

    /// Takes a record out and [gives its slot back at once](Self::release_now), if one is there: `None` when there is none now, or when the
    /// ring [has ended](Self::is_ended).
    fn try_recv(&mut self) -> Option<T> {
        let record = self.pop()?;
        self.release_now();
        Some(record)
    }

    /// [`try_recv`](Self::try_recv), waiting until there is one; `None` when the ring has ended.
    ///
    /// Cancel safe: a record is taken only by a poll that gives it.
    fn recv(&mut self) -> Recv<'_, Self, T>
    where
        Self: Sized,
    {
        Recv::new(self)
    }

    /// [`recv`](Self::recv), on a thread that may sleep.
    #[cfg(feature = "std")]
    fn recv_blocking(&mut self) -> Option<T>
    where
        Self: Sized,
    {
        block::block_on(self.recv())
    }

    /// How full the ring is: 0.0 is empty, 1.0 is full. Where the ring overwrites: how much of what it holds this reader has not seen.
    fn pressure(&self) -> f64 {
        pressure(self.len(), self.capacity())
    }
}

/// Drops all that `next` gives, the rest too when the drop of one panics.
fn drop_all<T>(next: impl FnMut() -> Option<T>) {
    struct Rest<T, F: FnMut() -> Option<T>>(F);
    impl<T, F: FnMut() -> Option<T>> Drop for Rest<T, F> {
        fn drop(&mut self) {
            while let Some(record) = (self.0)() {
                drop(record);
            }
        }
    }
    let mut rest = Rest(next);
    while let Some(record) = (rest.0)() {
        drop(record);
    }
}
