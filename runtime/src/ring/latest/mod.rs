//! One value: readers skip to the newest, and a new reader sees the current one.
//!
//! Any number of senders and watchers, as far as the slots go, and no lock: a sender writes into a free slot and makes it the current
//! one; a watcher pins the current slot, clones the value or looks at it, and never holds a sender up. A watcher is told exactly
//! how many values it skipped.
//!
//! There is one slot more than there are ends, so one is always free: `SLOTS` is the number of senders and watchers, and one.
//!
//! ```
//! use forebay::ring::latest::{Latest, ends};
//!
//! let (mut limit, mut watcher) = ends(Latest::<u32, 4>::boxed());
//! assert_eq!(watcher.pop(), None);            // no value yet
//! limit.set(1).expect("it is open");
//! limit.set(2).expect("it is open");
//! limit.set(3).expect("it is open");
//! assert_eq!((watcher.pop(), watcher.take_lost()), (Some(3), 2));
//! assert_eq!(watcher.pop(), None);            // seen
//!
//! assert_eq!(watcher.get(), Some(&3));        // seen or not; looked at where it lies, not cloned
//! ```

mod sender;
mod slot;
mod watcher;

use super::drop_all;
use super::held::Held;
#[cfg(feature = "alloc")]
use super::sync::Arc;
use super::sync::{AtomicU8, AtomicUsize, Line, Ordering::*, const_new, filled};
use super::waiters::Waiters;
use slot::Slot;

pub use sender::Sender;
pub use watcher::Watcher;

/// The last sender has left.
const CLOSED: u8 = 1;
/// Somebody looks at the value who is never told of another: each is to be seen as soon as it is pushed.
const LENT: u8 = 2;

/// A ring of one value, for `SLOTS - 1` ends, senders and watchers together; `SLOTS` is 2 to 256.
///
/// A value that was replaced is dropped at once, or when the last watcher that holds it [lets go](Watcher::release). All zero bytes
/// when empty: a `static` takes no room in the binary.
#[repr(C)]
pub struct Latest<T, const SLOTS: usize> {
    state: AtomicU8,
    senders: AtomicUsize,
    ends: AtomicUsize,
    /// Watchers sleep here.
    waiting: Line<Waiters>,
    /// See [`Current`]. Written by senders.
    current: Line<AtomicUsize>,
    slots: [Slot<T>; SLOTS],
}

// SAFETY: a value is written, and dropped, by who has claimed its slot alone; it is looked at by those who have pinned the slot
// while it was current, several at a time: `T: Sync`. Any end may drop it: `T: Send`.
unsafe impl<T: Send + Sync, const SLOTS: usize> Sync for Latest<T, SLOTS> {}
// SAFETY: it owns its values.
unsafe impl<T: Send, const SLOTS: usize> Send for Latest<T, SLOTS> {}

/// Which value is the current one: `| version: the rest, wraps | slot: 8 bits | there is one: 1 bit |`. Zero: none yet.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Current(usize);

impl Current {
    const SOME: usize = 1;
    const SHIFT: u32 = 9;
    /// Versions are taken modulo this plus one.
    const VERSIONS: usize = usize::MAX >> Self::SHIFT;

    #[inline]
    const fn slot(self) -> Option<usize> {
        if self.0 & Self::SOME == 0 {
            return None;
        }
        Some((self.0 >> 1) % 256)
    }

    /// How many values there have been, as far as it goes.
    const fn version(self) -> usize {
        self.0 >> Self::SHIFT
    }

    /// The one after `values` more, of which the last is in `slot`.
    const fn after(self, values: usize, slot: usize) -> Self {
        let version = self.version().wrapping_add(values) << Self::SHIFT;
        Current(version | slot << 1 | Self::SOME)
    }

    /// How many values `to` is ahead of `from`, for versions.
    const fn distance(from: usize, to: usize) -> usize {
        to.wrapping_sub(from) & Self::VERSIONS
    }
}

// The fields do not meet, and the version wraps: for addresses of any size.
const _: () = {
    let last = Current(Current::VERSIONS << Current::SHIFT).after(1, 255);
    assert!(last.version() == 0 && matches!(last.slot(), Some(255)));
    assert!(Current(usize::MAX).version() == Current::VERSIONS && Current::distance(Current::VERSIONS, 0) == 1);
};

impl<T, const SLOTS: usize> Latest<T, SLOTS> {
    const VALID: () = assert!(
        SLOTS >= 2 && SLOTS <= 256,
        "`latest` has 2 to 256 slots, one more than it has ends"
    );

    const_new! {
        /// An empty ring.
        pub fn new() -> Self {
            const { Self::VALID };
            Latest {
                state: AtomicU8::new(0),
                senders: AtomicUsize::new(0),
                ends: AtomicUsize::new(0),
                waiting: Line::new(Waiters::new()),
                current: Line::new(AtomicUsize::new(0)),
                slots: filled!(Slot::new()),
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
            // SAFETY: the place is ours. What is not written here is integers, which are 0, and slots, which are empty then; a
            // mutex promises nothing about zero bytes, so that is made properly.
            unsafe {
                (&raw mut (*place).waiting).write(Line::new(Waiters::new()));
                ring.assume_init()
            }
        }
        #[cfg(any(forebay_loom, forebay_shuttle))]
        Arc::new(Self::new())
    }

    /// An empty ring whose versions start `before` the wrap.
    #[cfg(feature = "alloc")]
    #[doc(hidden)]
    pub fn boxed_before_wrap(before: usize) -> Arc<Self> {
        let ring = Self::boxed();
        let version = 0_usize.wrapping_sub(before) << Current::SHIFT;
        ring.current.0.store(version, Relaxed);
        ring
    }

    /// How many ends may be there at a time: `SLOTS - 1`.
    pub const fn most_ends(&self) -> usize {
        SLOTS - 1
    }

    /// The last sender has left. The value stays.
    pub fn is_closed(&self) -> bool {
        self.state.load(Acquire) & CLOSED != 0
    }

    /// Acquire: who sees a version sees what its sender did before.
    fn look(&self) -> Current {
        Current(self.current.0.load(Acquire))
    }

    /// One end more.
    fn enlist(&self) {
        if self.ends.fetch_add(1, Relaxed) >= SLOTS - 1 {
            self.ends.fetch_sub(1, Relaxed);
            panic!(
                "with {SLOTS} slots `latest` has {} ends at most, and they are taken",
                SLOTS - 1
            );
        }
    }

    /// Makes the value in the slot `mine` the current one, after `values` of which it is the last. What it replaces is dropped, and its
    /// slot is the caller's then, as if claimed, unless somebody has pinned it.
    ///
    /// # Safety
    /// The caller has claimed `mine` and filled it, and does so no longer.
    unsafe fn show(&self, mine: usize, values: usize) -> Option<usize> {
        // SAFETY: as the caller promises.
        unsafe { self.slots[mine].show() };
        let mut seen = self.current.0.load(Relaxed);
        // Release: who finds this slot finds it filled, and need not try again. Acquire: the sender before us has shown its slot before we
        // retire that one.
        while let Err(now) = self
            .current
            .0
            .compare_exchange_weak(seen, Current(seen).after(values, mine).0, AcqRel, Relaxed)
        {
            seen = now;
        }
        // SAFETY: it was current, and we have made it that no longer.
        Current(seen).slot().filter(|old| unsafe { self.slots[*old].retire() })
    }

    /// Claims a free slot, for an end that holds none. There is one at any time: one slot is current, and every other end holds one at
    /// most.
    #[cold]
    fn claim(&self) -> usize {
        loop {
            if let Some(free) = self.slots.iter().position(Slot::claim) {
                return free;
            }
            // It was somewhere else each time: others have gone on.
            super::sync::relax();
        }
    }

    /// Pins the current slot, if there is one. Tries again only when a sender has set a value meanwhile, and then sees that one.
    #[inline]
    fn pin(&self) -> Current {
        loop {
            let current = self.look();
            let Some(slot) = current.slot() else { return current };
            // Was it current at a time when it was pinned? Then it is what `current` says for as long as we like. It might have been
            // replaced, and even filled anew, before we pinned it.
            if self.slots[slot].pin() && self.current.0.load(Relaxed) == current.0 {
                return current;
            }
            self.slots[slot].unpin();
        }
    }
}

impl<T, const SLOTS: usize> Default for Latest<T, SLOTS> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T, const SLOTS: usize> core::fmt::Debug for Latest<T, SLOTS> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Latest")
            .field("version", &self.look().version())
            .field("closed", &self.is_closed())
            .finish_non_exhaustive()
    }
}

impl<T, const SLOTS: usize> Drop for Latest<T, SLOTS> {
    fn drop(&mut self) {
        let mut slots = self.slots.iter_mut();
        drop_all(|| slots.find_map(Slot::take));
    }
}

/// A sender and a watcher. Either clones; a ring may be asked for ends again.
///
/// When the last sender is dropped the ring has ended, as far as watchers are concerned, after the value that is there. A closed
/// ring stays closed. Without watchers senders go on: one may come and look.
///
/// # Panics
///
/// When there are not two of the `SLOTS - 1` ends left.
pub fn ends<T, const SLOTS: usize>(ring: impl Into<Held<Latest<T, SLOTS>>>) -> (Sender<T, SLOTS>, Watcher<T, SLOTS>) {
    let ring = ring.into();
    let sender = Sender::new(ring.clone());
    (sender, watch(ring))
}

/// A watcher; it sees the current value, if there is one, as new.
///
/// # Panics
///
/// When all of the `SLOTS - 1` ends are there already.
pub fn watch<T, const SLOTS: usize>(ring: impl Into<Held<Latest<T, SLOTS>>>) -> Watcher<T, SLOTS> {
    Watcher::new(ring.into())
}
