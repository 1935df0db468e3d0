//! Any number of senders and receivers.
//!
//! A push claims positions by one exchange on the claim word, which also holds the closed bit and the number of reserved
//! slots: what was claimed before the ring closed arrives, and nothing after it is. How a slot then changes hands depends on who
//! takes records out: any number of [`Receiver`]s (see `laps.rs`), or the one of [`mpsc`](super::mpsc) (see `runs.rs`).
//!
//! ```
//! use forebay::ring::PushError;
//! use forebay::ring::mpmc::{Mpmc, ends};
//!
//! let (sender, mut receiver) = ends(Mpmc::<u32, 2>::boxed());
//! let another = sender.clone();
//! assert_eq!((sender.try_push(1), another.try_push(2)), (Ok(()), Ok(())));
//! assert_eq!(sender.try_push(3), Err(PushError::Full(3)));
//! assert_eq!(receiver.pop(), Some(1));
//! receiver.release();                         // wakes who waits for room
//! sender.send_blocking(3).expect("the receiver is there");
//! drop((sender, another));                    // the end, after what is in it
//! assert_eq!((receiver.pop(), receiver.pop(), receiver.is_ended()), (Some(2), Some(3), true));
//! ```

mod claim;
mod claims;
mod evict;
mod fill;
mod laps;
#[cfg(feature = "alloc")]
mod many;
mod permit;
#[cfg(feature = "alloc")]
mod permits;
#[cfg(feature = "std")]
mod quiet;
mod receiver;
mod receiving;
mod runs;
mod sender;
mod sending;
#[cfg(feature = "alloc")]
mod sending_all;
pub(super) mod sole;

use super::drop_all;
use super::held::Held;
#[cfg(feature = "alloc")]
use super::sync::Arc;
use super::sync::{AtomicU8, AtomicUsize, Line, Ordering::*, Slots, const_new, filled, handshake};
use super::waiters::Waiters;
use claim::Claim;
use receiving::Receiving;

pub use permit::{Permit, Reserve};
#[cfg(feature = "alloc")]
pub use permits::{Permits, ReserveMany};
pub use receiver::Receiver;
pub use sender::Sender;
pub use sending::Sending;
#[cfg(feature = "alloc")]
pub use sending_all::SendingAll;

/// A ring for any number of senders and receivers, with room for `N` records, a power of two.
///
/// All zero bytes when empty: a `static` takes no room in the binary.
#[repr(C)]
pub struct Mpmc<T, const N: usize> {
    senders: AtomicUsize,
    receivers: AtomicUsize,
    /// Receivers sleep here.
    receiving: Line<Receiving>,
    /// Pushes from outside sleep here; who is woken has a slot reserved.
    sending: Line<Waiters>,
    /// Segments sleep here until there is room for a batch; who is woken has nothing but the news.
    feeding: Line<Waiters>,
    /// Who may take records out: [`ANY`] or [`ONE`].
    takers: AtomicU8,
    /// See [`Claim`]. Written by senders.
    claim: Line<AtomicUsize>,
    /// The position of the next pop; of a [`Sole`](sole::Sole), which takes records out before it says so, that of the last release.
    head: Line<AtomicUsize>,
    slots: [Slot<T>; N],
}

struct Slot<T> {
    /// Says when the record is in: see `laps.rs` and `runs.rs`.
    stamp: AtomicUsize,
    record: Slots<T, 1>,
}

// SAFETY: a record is touched by who claimed its position only: a sender from its claim to the store of the stamp that shows it, a
// receiver from its claim to the store that frees the slot (of the taken stamp, or of the head). Both are stored with Release and
// read with Acquire.
unsafe impl<T: Send, const N: usize> Sync for Mpmc<T, N> {}
// SAFETY: it owns its records.
unsafe impl<T: Send, const N: usize> Send for Mpmc<T, N> {}

/// How far a look at the stamps goes: a batch.
const AHEAD: usize = 64;

/// Any number of receivers take records out, and senders that make room.
const ANY: u8 = 1;
/// A [`Sole`](sole::Sole) does, and nobody else before it has left.
const ONE: u8 = 2;

/// Why nothing was claimed.
pub(super) enum Refused {
    Full,
    Closed,
}

impl<T, const N: usize> Mpmc<T, N> {
    const_new! {
        /// An empty ring.
        pub fn new() -> Self {
            const { Claim::<N>::VALID };
            Mpmc {
                claim: Line::new(AtomicUsize::new(0)),
                head: Line::new(AtomicUsize::new(0)),
                receiving: Line::new(Receiving::new()),
                sending: Line::new(Waiters::new()),
                feeding: Line::new(Waiters::new()),
                senders: AtomicUsize::new(0),
                receivers: AtomicUsize::new(0),
                takers: AtomicU8::new(0),
                slots: filled!(Slot { stamp: AtomicUsize::new(0), record: Slots::new() }),
            }
        }
    }

    /// An empty ring on the heap, made there: it never is on the stack.
    #[cfg(feature = "alloc")]
    pub fn boxed() -> Arc<Self> {
        const { Claim::<N>::VALID };
        #[cfg(not(any(forebay_loom, forebay_shuttle)))]
        {
            let mut ring = Arc::<Self>::new_zeroed();
            let place = Arc::get_mut(&mut ring).expect("just made").as_mut_ptr();
            // SAFETY: the place is ours. What is not written here is integers, which are 0, and slots, which may hold
            // anything; a mutex promises nothing about zero bytes, so those are made properly.
            unsafe {
                (&raw mut (*place).receiving).write(Line::new(Receiving::new()));
                (&raw mut (*place).sending).write(Line::new(Waiters::new()));
                (&raw mut (*place).feeding).write(Line::new(Waiters::new()));
                ring.assume_init()
            }
        }
        #[cfg(any(forebay_loom, forebay_shuttle))]
        Arc::new(Self::new())
    }

    /// An empty ring whose positions start `before` the wrap.
    #[cfg(feature = "alloc")]
    #[doc(hidden)]
    pub fn boxed_before_wrap(before: usize) -> Arc<Self> {
        let ring = Self::boxed();
        let start = 0_usize.wrapping_sub(before) & Claim::<N>::POSITIONS;
        ring.claim.0.store(start.wrapping_mul(Claim::<N>::ONE_PUSHED), Relaxed);
        ring.head.0.store(start, Relaxed);
        ring.stamp_empty(start);
        ring
    }

    /// The capacity: `N`.
    pub const fn capacity(&self) -> usize {
        N
    }

    /// Closes the ring for all: pushes fail, what was accepted can still be taken out.
    pub fn close_all(&self) {
        self.claim.0.fetch_or(Claim::<N>::CLOSED, AcqRel);
        handshake();
        self.receiving.0.wake_all();
        self.sending.0.wake_all();
        self.feeding.0.wake_all();
    }

    /// Pushes fail.
    pub fn is_closed(&self) -> bool {
        self.look().is_closed()
    }

    /// Records accepted and not yet taken out.
    pub fn len(&self) -> usize {
        // The tail last: it is ahead of the head at every moment.
        let head = self.head.0.load(Acquire);
        Claim::<N>::distance(head, self.look().tail()).min(N)
    }

    /// No record is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How full it is: 0.0 is empty, 1.0 is full.
    pub fn pressure(&self) -> f64 {
        super::pressure(self.len(), N)
    }

    #[inline(always)]
    fn look(&self) -> Claim<N> {
        Claim(self.claim.0.load(Acquire))
    }

    /// One [`Sole`](sole::Sole) takes records out. Decided before there is any end.
    #[inline(always)]
    fn is_sole(&self) -> bool {
        self.takers.load(Relaxed) == ONE
    }

    #[inline(always)]
    fn slot(&self, at: usize) -> &Slot<T> {
        &self.slots[at & (N - 1)]
    }

    /// `records` more are to be seen: wakes receivers that sleep.
    #[inline(always)]
    fn shown(&self, records: usize) {
        handshake();
        if self.receiving.0.is_waiting() {
            self.receiving.0.wake(records);
        }
    }

    /// Takes the oldest record out; of a [`Sole`](sole::Sole)'s ring only after that has left.
    #[inline(always)]
    fn take(&self) -> Option<T> {
        if self.is_sole() {
            self.take_left()
        } else {
            self.take_by_lap()
        }
    }

    /// Closed, and everything that was accepted is taken.
    fn is_ended(&self) -> bool {
        let claim = self.look();
        claim.is_closed() && self.head.0.load(Acquire) == claim.tail()
    }

    /// Slots are free again: wakes senders from outside as far as there is room, segments if no more than `used` slots are
    /// taken, and all receivers if this was the end.
    #[inline(always)]
    fn freed(&self, used: usize) {
        handshake();
        if self.sending.0.is_waiting() {
            self.grant();
        }
        if self.feeding.0.is_waiting() {
            self.feed(used);
        }
        if self.receiving.0.is_waiting() && self.is_ended() {
            self.receiving.0.wake_all();
        }
    }

    /// Reserves slots for each sender that waits, first come first served, as many as it could fill and there are, and wakes it.
    #[cold]
    fn grant(&self) {
        while self.sending.0.is_waiting() && self.sending.0.wake_if(|most| self.reserve(most)) {}
    }

    #[cold]
    fn feed(&self, used: usize) {
        let head = self.head.0.load(Acquire);
        if Claim::<N>::distance(head, self.look().end()) <= used {
            self.feeding.0.wake_all();
        }
    }
}

impl<T, const N: usize> Default for Mpmc<T, N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, const N: usize> core::fmt::Debug for Mpmc<T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Mpmc")
            .field("len", &self.len())
            .field("capacity", &N)
            .finish_non_exhaustive()
    }
}

impl<T, const N: usize> Drop for Mpmc<T, N> {
    fn drop(&mut self) {
        drop_all(|| self.take());
    }
}

/// A sender and a receiver. Either clones; a ring may be asked for ends again.
///
/// When the last sender is dropped the ring has ended, as far as receivers are concerned, after what is in it. When the last
/// receiver is dropped pushes fail. A closed ring stays closed.
///
/// # Panics
///
/// When the ring was [split](super::mpsc::split): then its records go to that one receiver.
pub fn ends<T, const N: usize>(ring: impl Into<Held<Mpmc<T, N>>>) -> (Sender<T, N>, Receiver<T, N>) {
    let ring = ring.into();
    let takers = ring.takers.compare_exchange(0, ANY, AcqRel, Acquire);
    assert!(
        takers != Err(ONE),
        "this ring was split: its records go to one receiver alone"
    );
    (Sender::new(ring.clone()), Receiver::new(ring))
}
