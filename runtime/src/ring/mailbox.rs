//! One slot: a record is taken once, or overwritten by the next. What was overwritten is counted.
//!
//! This is [`Mpmc`] with room for one, whose senders make room for themselves.
//!
//! ```
//! use forebay::ring::mailbox::{Mailbox, ends};
//!
//! let (mut orders, mut inbox) = ends(Mailbox::<&str>::boxed());
//! assert_eq!(orders.put("go left"), Ok(None));
//! assert_eq!(orders.put("go right"), Ok(Some("go left")));
//! assert_eq!((inbox.pop(), inbox.pop()), (Some("go right"), None));
//! assert_eq!(orders.take_lost(), 1);
//! ```

use core::task::{Context, Poll};

use super::held::Held;
use super::mpmc::{self, Mpmc};
use super::{Closed, PushError, Writer, discard};

/// A ring with room for one record, which the next overwrites.
pub type Mailbox<T> = Mpmc<T, 1>;

/// The end that takes records out; it clones, and each record goes to one of the receivers.
pub type Receiver<T> = mpmc::Receiver<T, 1>;

/// An end that puts records in, over what is there; it clones.
///
/// It never waits for a record to be taken. (If a receiver is stopped between claiming the record and taking it out, or another sender
/// between claiming the slot and filling it, which is a few instructions, it waits for that.)
#[derive(Debug)]
pub struct Sender<T: 'static> {
    ring: mpmc::Sender<T, 1>,
    /// Overwritten, and nobody has asked yet.
    lost: u64,
}

/// A sender and a receiver. Either clones; a ring may be asked for ends again.
///
/// When the last sender is dropped the ring has ended, as far as receivers are concerned, after what is in it. When the last
/// receiver is dropped records are refused. A closed ring stays closed.
///
/// # Panics
///
/// When the ring was [split](super::mpsc::split): a mailbox is a ring like another.
pub fn ends<T>(ring: impl Into<Held<Mailbox<T>>>) -> (Sender<T>, Receiver<T>) {
    let (ring, receiver) = mpmc::ends(ring);
    (Sender { ring, lost: 0 }, receiver)
}

impl<T: 'static> Sender<T> {
    /// Puts a record in, and wakes a receiver. What it has overwritten comes back; the record itself does when the receivers have
    /// gone, or this end has closed.
    ///
    /// Where several put at the same time, one may meet more than one record: the last of them comes back, the others are
    /// dropped. All are counted.
    pub fn put(&mut self, record: T) -> Result<Option<T>, PushError<T>> {
        let mut last = None;
        let overwrite = |old| {
            self.lost += 1;
            if let Some(earlier) = last.replace(old) {
                discard(earlier);
            }
        };
        match self.ring.push_evict(record, || {}, overwrite) {
            Ok(_) => Ok(last),
            // Never `Full`: nobody reserves the slot, and records may be taken out by anybody.
            Err(refused) => Err(PushError::Closed(refused.into_inner())),
        }
    }

    /// How many records this end has overwritten since this was last asked.
    pub fn take_lost(&mut self) -> u64 {
        core::mem::take(&mut self.lost)
    }

    /// Leaves; the ring has ended with its last sender.
    pub fn close(&mut self) {
        self.ring.leave();
    }

    /// A record would come back.
    pub fn is_closed(&self) -> bool {
        self.ring.is_closed()
    }

    /// A record is there, and was not taken yet.
    pub fn is_full(&self) -> bool {
        !self.ring.is_empty()
    }
}

impl<T: 'static> Clone for Sender<T> {
    /// Another sender, that has overwritten nothing yet. One that has left gives one that has left.
    fn clone(&self) -> Self {
        let ring = self.ring.clone();
        Sender { ring, lost: 0 }
    }
}

/// There always is room. What is overwritten is dropped, and [counted](Sender::take_lost).
impl<T: Send + 'static> Writer<T> for Sender<T> {
    const HIDES: bool = false;

    #[inline]
    fn push(&mut self, record: T) -> Result<(), PushError<T>> {
        let lost = &mut self.lost;
        let overwrite = |old| {
            *lost += 1;
            discard(old);
        };
        self.ring.push_evict_quietly(record, || {}, overwrite).map(drop)
    }
    #[inline]
    fn room(&mut self) -> usize {
        usize::from(!self.is_closed())
    }
    #[inline]
    fn publish(&mut self) {
        self.ring.publish();
    }
    #[inline]
    fn unpublished(&self) -> usize {
        self.ring.unpublished()
    }
    #[inline]
    fn poll_room(&mut self, _cx: &mut Context<'_>) -> Poll<Result<usize, Closed>> {
        Poll::Ready(if self.is_closed() { Err(Closed) } else { Ok(1) })
    }
    fn unwait(&mut self) {}
    fn close(&mut self) {
        self.close();
    }
    #[inline]
    fn is_closed(&self) -> bool {
        self.is_closed()
    }
    fn reclaim(&mut self) -> Option<T> {
        self.ring.reclaim()
    }
    fn len(&self) -> usize {
        self.ring.len()
    }
    fn capacity(&self) -> usize {
        1
    }
    #[inline]
    fn peer_asleep(&self) -> bool {
        self.ring.peer_asleep()
    }
}
