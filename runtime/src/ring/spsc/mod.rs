//! One producer, one consumer.
//!
//! Positions count up for ever and wrap; a record at position `p` lies in slot `p % N`. The producer alone writes `tail`, the
//! consumer alone `head`; each keeps the last it saw of the other's and looks again only when it runs out.
//!
//! ```
//! use forebay::ring::PushError;
//! use forebay::ring::spsc::{Spsc, split};
//!
//! static RING: Spsc<u32, 8> = Spsc::new();
//! let (mut producer, mut consumer) = split(&RING).expect("asked for once");
//! for i in 0..8 {
//!     producer.push(i).expect("there is room");
//! }
//! assert_eq!(producer.push(8), Err(PushError::Full(8)));
//! assert_eq!(consumer.pop(), None);           // written, but not published
//! producer.publish();
//! assert_eq!(consumer.run(3).sum::<u32>(), 3);
//! assert_eq!(consumer.peek(), Some(&3));      // where it lies
//! consumer.release();                         // three slots are free again
//! assert_eq!(producer.push(8), Ok(()));
//! ```

mod consumer;
mod producer;
mod sending;

use super::drop_all;
use super::held::Held;
#[cfg(feature = "alloc")]
use super::sync::Arc;
use super::sync::{AtomicU8, AtomicUsize, Line, Ordering::*, Slots, const_new};
use super::wait::Wait;

pub use consumer::{Consumer, Run};
#[cfg(not(any(forebay_loom, forebay_shuttle)))]
pub use producer::Place;
pub use producer::Producer;
pub use sending::Sending;

/// The ends were handed out.
const SPLIT: u8 = 1;
/// The producer has closed.
const TX_CLOSED: u8 = 2;
/// The consumer has closed.
const RX_CLOSED: u8 = 4;

/// A ring for one producer and one consumer, with room for `N` records, a power of two.
///
/// All zero bytes when empty: a `static` takes no room in the binary.
#[repr(C)]
pub struct Spsc<T, const N: usize> {
    /// Written three times in a life.
    state: AtomicU8,
    /// The consumer sleeps here.
    consumer: Line<Wait>,
    /// The producer sleeps here.
    producer: Line<Wait>,
    /// Up to here records are published. Written by the producer.
    tail: Line<AtomicUsize>,
    /// Up to here slots are free again. Written by the consumer.
    head: Line<AtomicUsize>,
    slots: Slots<T, N>,
}

// SAFETY: a slot belongs to the producer from `head + N` back to `tail`, and to the consumer from `head` to `tail`; it changes
// hands by a Release store of an index and an Acquire load of it. There is one of each: `split` works once.
unsafe impl<T: Send, const N: usize> Sync for Spsc<T, N> {}
// SAFETY: it owns its records.
unsafe impl<T: Send, const N: usize> Send for Spsc<T, N> {}

impl<T, const N: usize> Spsc<T, N> {
    const_new! {
        /// An empty ring.
        pub fn new() -> Self {
            const { assert!(N.is_power_of_two(), "the capacity of a ring is a power of two, at least 1") };
            Spsc {
                tail: Line::new(AtomicUsize::new(0)),
                head: Line::new(AtomicUsize::new(0)),
                consumer: Line::new(Wait::new()),
                producer: Line::new(Wait::new()),
                state: AtomicU8::new(0),
                slots: Slots::new(),
            }
        }
    }

    /// An empty ring on the heap, made there: it never is on the stack.
    #[cfg(feature = "alloc")]
    pub fn boxed() -> Arc<Self> {
        const { assert!(N.is_power_of_two(), "the capacity of a ring is a power of two, at least 1") };
        #[cfg(not(any(forebay_loom, forebay_shuttle)))]
        // SAFETY: zero bytes are an empty ring: the integers are 0, so both waits are IDLE and hold no waker, and slots
        // may hold anything.
        return unsafe { Arc::<Self>::new_zeroed().assume_init() };
        #[cfg(any(forebay_loom, forebay_shuttle))]
        return Arc::new(Self::new());
    }

    /// An empty ring whose positions start at `start`.
    #[cfg(feature = "alloc")]
    #[doc(hidden)]
    pub fn boxed_at(start: usize) -> Arc<Self> {
        let ring = Self::boxed();
        ring.tail.0.store(start, Relaxed);
        ring.head.0.store(start, Relaxed);
        ring
    }

    /// The capacity: `N`.
    pub const fn capacity(&self) -> usize {
        N
    }

    /// Records published whose slots were not given back.
    pub fn len(&self) -> usize {
        // The tail last: it is ahead of the head at every moment.
        let head = self.head.0.load(Acquire);
        self.tail.0.load(Acquire).wrapping_sub(head).min(N)
    }

    /// No record is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How full it is: 0.0 is empty, 1.0 is full.
    pub fn pressure(&self) -> f64 {
        super::pressure(self.len(), N)
    }
}

impl<T, const N: usize> Default for Spsc<T, N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, const N: usize> core::fmt::Debug for Spsc<T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Spsc").field("capacity", &N).finish_non_exhaustive()
    }
}

/// The two ends of a ring; `None` if they were handed out before.
pub fn split<T, const N: usize>(ring: impl Into<Held<Spsc<T, N>>>) -> Option<(Producer<T, N>, Consumer<T, N>)> {
    let ring = ring.into();
    if ring.state.fetch_or(SPLIT, AcqRel) & SPLIT != 0 {
        return None;
    }
    Some((Producer::new(ring.clone()), Consumer::new(ring)))
}

impl<T, const N: usize> Drop for Spsc<T, N> {
    fn drop(&mut self) {
        let (mut head, tail) = (self.head.0.load(Relaxed), self.tail.0.load(Relaxed));
        drop_all(|| {
            let at = head;
            (at != tail).then(|| {
                head = at.wrapping_add(1);
                // SAFETY: both ends are gone; what lies between `head` and `tail` was published and not taken, and the
                // position is passed, so that nobody reads it again.
                unsafe { self.slots.read(at) }
            })
        });
    }
}
