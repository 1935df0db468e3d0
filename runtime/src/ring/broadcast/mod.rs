//! One producer, any number of readers, each of which sees every record.
//!
//! The producer never waits: it overwrites the oldest. A reader that is too slow goes on with the oldest that is still there, and
//! is told exactly how many it lost. Readers clone records out of the ring; the producer never overwrites what somebody is
//! cloning: readers pin a block of slots, and a pinned block is passed over.
//!
//! ```
//! use forebay::ring::broadcast::{Broadcast, split};
//!
//! let (mut producer, mut a) = split(Broadcast::<u32, 64>::boxed()).expect("it is new");
//! let mut b = a.clone();                      // sees the same from here on
//! for i in 0..3 {
//!     producer.push(i).expect("it is open");
//! }
//! producer.publish();                         // wakes who sleeps, once for all three
//! assert_eq!([a.pop(), a.pop(), a.pop(), a.pop()], [Some(0), Some(1), Some(2), None]);
//!
//! for i in 3..200 {
//!     producer.push(i).expect("it is open");
//! }
//! producer.close();
//! let mut seen = 0;
//! while let Some(_record) = b.pop() {
//!     seen += 1;
//! }
//! assert_eq!(seen + b.take_lost(), 200);
//! assert!(seen <= 64 && b.is_ended());
//! ```

mod block;
mod producer;
mod subscriber;

use super::drop_all;
use super::held::Held;
#[cfg(feature = "alloc")]
use super::sync::Arc;
use super::sync::{AtomicU8, AtomicUsize, Line, Ordering::*, Places, const_new};
use super::waiters::Waiters;
use block::{BLOCKS, Blocks};

pub use producer::Producer;
pub use subscriber::Subscriber;

/// The producer was handed out.
const SPLIT: u8 = 1;
/// The producer has closed.
const CLOSED: u8 = 2;

/// A ring for one producer whose records every reader sees, with room for `N` records, a power of two.
///
/// A reader that lags by no more than `N - N / 16` records loses none; by more than `N`, it loses what is beyond. In between it
/// depends on where the lag begins, since the oldest sixteenth of the ring makes room as a whole. Up to `N = 16` a reader
/// loses exactly what is beyond `N`. While a reader is held up in the middle of a block the ring is shorter by that block.
///
/// All zero bytes when empty: a `static` takes no room in the binary. It has room for 16 records at least, and 1 KiB of its own.
#[repr(C)]
pub struct Broadcast<T, const N: usize> {
    /// Written twice in a life.
    state: AtomicU8,
    subscribers: AtomicUsize,
    /// The same and those that have left: each may pin a block as long as it is there.
    readers: AtomicUsize,
    /// Readers sleep here.
    waiting: Line<Waiters>,
    /// Up to here records are published. Written by the producer.
    tail: Line<AtomicUsize>,
    blocks: Blocks,
    places: Places<T, N, BLOCKS>,
}

// SAFETY: a place is written by the one producer, in a block that it has claimed and behind `tail`; it is read by those who
// have pinned that block, and before `tail`. Several read at a time: `T: Sync`. A record is dropped by the producer: `T: Send`.
unsafe impl<T: Send + Sync, const N: usize> Sync for Broadcast<T, N> {}
// SAFETY: it owns its records.
unsafe impl<T: Send, const N: usize> Send for Broadcast<T, N> {}

impl<T, const N: usize> Broadcast<T, N> {
    const VALID: () = assert!(N.is_power_of_two(), "the capacity of a ring is a power of two, at least 1");
    /// How many records a block has.
    const BLOCK: usize = if N > BLOCKS { N / BLOCKS } else { 1 };

    const_new! {
        /// An empty ring.
        pub fn new() -> Self {
            const { Self::VALID };
            Broadcast {
                state: AtomicU8::new(0),
                subscribers: AtomicUsize::new(0),
                readers: AtomicUsize::new(0),
                waiting: Line::new(Waiters::new()),
                tail: Line::new(AtomicUsize::new(0)),
                blocks: Blocks::new(),
                places: Places::new(),
            }
        }
    }

    /// An empty ring on the heap, made there: it never is on the stack.
    #[cfg(feature = "alloc")]
    pub fn boxed() -> Arc<Self> {
        const { Self::VALID };
        #[cfg(not(any(forebay_loom, forebay_shuttle)))]
        {
            let mut ring = Arc::<Self>::new_zeroed();
            let place = Arc::get_mut(&mut ring).expect("just made").as_mut_ptr();
            // SAFETY: the place is ours. What is not written here is integers, which are 0, and places, which may hold
            // anything; a mutex promises nothing about zero bytes, so that is made properly.
            unsafe {
                (&raw mut (*place).waiting).write(Line::new(Waiters::new()));
                ring.assume_init()
            }
        }
        #[cfg(any(forebay_loom, forebay_shuttle))]
        Arc::new(Self::new())
    }

    /// An empty ring whose positions start no more than `before` and a block before the wrap.
    #[cfg(feature = "alloc")]
    #[doc(hidden)]
    pub fn boxed_before_wrap(before: usize) -> Arc<Self> {
        let ring = Self::boxed();
        ring.tail.0.store(0_usize.wrapping_sub(before) & !(Self::BLOCK - 1), Relaxed);
        ring
    }

    /// The capacity: `N`.
    pub const fn capacity(&self) -> usize {
        N
    }

    /// How many readers there are.
    pub fn subscribers(&self) -> usize {
        self.subscribers.load(Relaxed)
    }

    /// The producer has closed.
    pub fn is_closed(&self) -> bool {
        self.state.load(Acquire) & CLOSED != 0
    }
}

impl<T, const N: usize> Default for Broadcast<T, N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, const N: usize> core::fmt::Debug for Broadcast<T, N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Broadcast")
            .field("capacity", &N)
            .field("subscribers", &self.subscribers())
            .finish_non_exhaustive()
    }
}

impl<T, const N: usize> Drop for Broadcast<T, N> {
    fn drop(&mut self) {
        if !core::mem::needs_drop::<T>() {
            return;
        }
        let mut full = (0..BLOCKS).flat_map(|place| (0..self.blocks.filled(place)).map(move |i| place * Self::BLOCK + i));
        // SAFETY: all ends are gone; these places hold a record, and each comes by once.
        drop_all(|| full.next().map(|index| unsafe { self.places.read(index) }));
    }
}

/// The producer, and a reader that sees all of its records; `None` if the producer was handed out before.
///
/// More readers are made by cloning one, from where that one is, or by [`subscribe`], from the next record on.
pub fn split<T, const N: usize>(ring: impl Into<Held<Broadcast<T, N>>>) -> Option<(Producer<T, N>, Subscriber<T, N>)> {
    let ring = ring.into();
    if ring.state.fetch_or(SPLIT, AcqRel) & SPLIT != 0 {
        return None;
    }
    let subscriber = subscribe(ring.clone());
    Some((Producer::new(ring), subscriber))
}

/// A reader that sees what is published from now on.
///
/// # Panics
///
/// When there are 65,535 readers already (255 where an address has 32 bits), those that have left and were not dropped too.
pub fn subscribe<T, const N: usize>(ring: impl Into<Held<Broadcast<T, N>>>) -> Subscriber<T, N> {
    Subscriber::new(ring.into())
}
