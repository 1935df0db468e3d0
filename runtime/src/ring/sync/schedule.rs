//! The scheduler shuttle, which tries many schedules of threads that all see the same memory.
//!
//! Its twins are made of stale looks. What a thread sees is then what it saw the last time, in one of two places of the
//! handshake: where a fence is missing, the machine does the same.

use core::cell::{Cell, RefCell, UnsafeCell};
use core::mem::MaybeUninit;
use core::panic::Location;
use core::time::Duration;
use std::collections::{HashMap, HashSet};

pub(crate) use atomic_waker::AtomicWaker;
use shuttle::current::{TaskId, me};
pub(in crate::ring) use shuttle::sync::Arc;
use shuttle::sync::atomic;
pub(crate) use shuttle::sync::{Mutex, MutexGuard};
pub(crate) use shuttle::thread::{Thread, current, park};
pub(in crate::ring) use shuttle::thread::{yield_now, yield_now as relax};

use super::Ordering;

/// This is a checker.
pub(in crate::ring) const CHECKED: bool = true;

/// What a twin leaves out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(test), allow(dead_code, reason = "only a test is a twin"))]
pub(crate) enum Twin {
    /// Who registered does not look again: it sees what it saw before.
    SecondLook,
    /// Who changed something does not look whether anybody sleeps: it sees what it saw the last time.
    LookForSleepers,
    /// The exchanges of the edges read, and then write.
    Torn,
    /// What the scenario itself does in another place, see [`planted`].
    Planted,
}

thread_local! {
    /// All threads of a schedule are one thread of the machine.
    static TWIN: Cell<Option<Twin>> = const { Cell::new(None) };
    /// What each thread saw last at each address.
    static SEEN: RefCell<HashMap<(TaskId, usize), usize>> = RefCell::default();
    /// Who sees what it saw before.
    static BLIND: RefCell<HashSet<TaskId>> = RefCell::default();
}

/// A new schedule begins.
#[cfg(test)]
pub(in crate::ring) fn begin(twin: Option<Twin>) {
    TWIN.set(twin);
    SEEN.take();
    BLIND.take();
}

/// A thread begins a poll.
pub(in crate::ring) fn awake() {
    if TWIN.get().is_some() {
        BLIND.with_borrow_mut(|blind| blind.remove(&me()));
    }
}

/// The scenario is to show its own fault.
#[cfg(test)]
pub(crate) fn planted() -> bool {
    TWIN.get() == Some(Twin::Planted)
}

/// The exchange at `place` is one that the twin tears.
fn is_torn(place: &Location<'_>) -> bool {
    TWIN.get() == Some(Twin::Torn) && place.file().contains("/edge/")
}

/// `place` is where sleepers are kept.
fn is_bed(place: &Location<'_>) -> bool {
    place.file().ends_with("wait.rs") || place.file().ends_with("waiters.rs")
}

/// Between "I changed it" and "does the other sleep?", and between "I sleep" and "has it changed?".
#[track_caller]
pub(in crate::ring) fn handshake() {
    if TWIN.get() == Some(Twin::SecondLook) && is_bed(Location::caller()) {
        BLIND.with_borrow_mut(|blind| blind.insert(me()));
    }
}

/// What this thread sees at `at`, where `now` is.
fn seen(at: usize, now: usize, order: Ordering, place: &Location<'_>) -> usize {
    let Some(twin) = TWIN.get() else { return now };
    let (who, stale) = match twin {
        Twin::SecondLook => (me(), BLIND.with_borrow(|blind| blind.contains(&me()))),
        Twin::LookForSleepers => (me(), order == Ordering::Relaxed && is_bed(place)),
        Twin::Torn | Twin::Planted => return now,
    };
    let before = SEEN.with_borrow_mut(|seen| seen.insert((who, at), now));
    match (stale, twin) {
        // Nobody slept when this thread had not looked yet.
        (true, Twin::LookForSleepers) => before.unwrap_or(0),
        (true, _) => before.unwrap_or(now),
        (false, _) => now,
    }
}

macro_rules! atomic {
    ($name:ident, $value:ty) => {
        impl Default for $name {
            fn default() -> Self {
                $name::new(0)
            }
        }

        #[derive(Debug)]
        pub(crate) struct $name(atomic::$name);

        #[allow(dead_code, reason = "one set of operations for all")]
        impl $name {
            pub(crate) fn new(value: $value) -> Self {
                $name(atomic::$name::new(value))
            }
            fn wrote(&self, value: $value) -> $value {
                if TWIN.get().is_some() {
                    awake();
                    let at = &raw const self.0 as usize;
                    SEEN.with_borrow_mut(|seen| seen.insert((me(), at), value as usize));
                }
                value
            }
            #[track_caller]
            pub(crate) fn load(&self, order: Ordering) -> $value {
                let now = self.0.load(Ordering::SeqCst);
                seen(&raw const self.0 as usize, now as usize, order, Location::caller()) as $value
            }
            pub(crate) fn store(&self, value: $value, _: Ordering) {
                self.0.store(value, Ordering::SeqCst);
                self.wrote(value);
            }
            exchanges! { $value:
                swap = |_, by| by;
                fetch_add = <$value>::wrapping_add;
                fetch_sub = <$value>::wrapping_sub;
                fetch_xor = |now, bits| now ^ bits;
                fetch_or = |now, bits| now | bits;
                fetch_max = Ord::max;
            }
            #[track_caller]
            pub(crate) fn compare_exchange(&self, old: $value, new: $value, _: Ordering, _: Ordering) -> Result<$value, $value> {
                if is_torn(Location::caller()) {
                    let now = self.0.load(Ordering::SeqCst);
                    if now == old {
                        self.0.store(new, Ordering::SeqCst);
                        return Ok(now);
                    }
                    return Err(now);
                }
                let done = self.0.compare_exchange(old, new, Ordering::SeqCst, Ordering::SeqCst);
                self.wrote(match done {
                    Ok(_) => new,
                    Err(now) => now,
                });
                done
            }
            #[track_caller]
            pub(crate) fn compare_exchange_weak(
                &self,
                old: $value,
                new: $value,
                done: Ordering,
                not: Ordering,
            ) -> Result<$value, $value> {
                self.compare_exchange(old, new, done, not)
            }
            #[track_caller]
            pub(crate) fn fetch_update(
                &self,
                done: Ordering,
                not: Ordering,
                mut next: impl FnMut($value) -> Option<$value>,
            ) -> Result<$value, $value> {
                let mut now = self.load(not);
                loop {
                    let Some(new) = next(now) else { return Err(now) };
                    match self.compare_exchange(now, new, done, not) {
                        Ok(_) => return Ok(now),
                        Err(other) => now = other,
                    }
                }
            }
        }
    };
}
/// What reads and writes at once: a torn one reads, and then writes.
macro_rules! exchanges {
    ($value:ty: $($name:ident = $next:expr;)*) => {
        $(
            #[track_caller]
            pub(crate) fn $name(&self, by: $value, _: Ordering) -> $value {
                let next: fn($value, $value) -> $value = $next;
                if is_torn(Location::caller()) {
                    let now = self.0.load(Ordering::SeqCst);
                    self.0.store(next(now, by), Ordering::SeqCst);
                    return now;
                }
                let now = self.0.$name(by, Ordering::SeqCst);
                self.wrote(next(now, by));
                now
            }
        )*
    };
}
atomic!(AtomicU8, u8);
atomic!(AtomicU64, u64);
atomic!(AtomicUsize, usize);

/// No clock in a scenario.
pub(crate) fn park_timeout(_most: Duration) {
    park();
}

/// Places for records that know whether they are full.
pub(in crate::ring) struct Slots<T, const N: usize>([UnsafeCell<MaybeUninit<T>>; N], [core::sync::atomic::AtomicBool; N]);

impl<T, const N: usize> Slots<T, N> {
    pub(in crate::ring) fn new() -> Self {
        Slots(
            core::array::from_fn(|_| UnsafeCell::new(MaybeUninit::uninit())),
            core::array::from_fn(|_| false.into()),
        )
    }

    /// # Safety
    /// The place is empty and the caller's alone.
    pub(in crate::ring) unsafe fn write(&self, index: usize, record: T) {
        let index = index & (N - 1);
        assert!(
            !self.1[index].swap(true, Ordering::SeqCst),
            "a record is written over another"
        );
        // SAFETY: as the caller promises.
        unsafe { self.0[index].get().write(MaybeUninit::new(record)) }
    }

    /// # Safety
    /// The place is full and the caller's alone; it is empty afterwards.
    pub(in crate::ring) unsafe fn read(&self, index: usize) -> T {
        let index = index & (N - 1);
        assert!(self.1[index].swap(false, Ordering::SeqCst), "an empty place is read");
        // SAFETY: as the caller promises.
        unsafe { self.0[index].get().read().assume_init() }
    }
}

/// Places for records that know whether they are full; of the two rows the longer is used.
pub(in crate::ring) struct Places<T, const N: usize, const LEAST: usize>(Row<T, N>, Row<T, LEAST>);
type Row<T, const N: usize> = [UnsafeCell<Option<T>>; N];

impl<T, const N: usize, const LEAST: usize> Places<T, N, LEAST> {
    pub(in crate::ring) fn new() -> Self {
        let empty = |_| UnsafeCell::new(None);
        Places(core::array::from_fn(empty), core::array::from_fn(empty))
    }

    fn at(&self, index: usize) -> *mut Option<T> {
        if N < LEAST { self.1[index].get() } else { self.0[index].get() }
    }

    /// # Safety
    /// The place is the caller's alone, and empty, or its record needs no drop.
    pub(in crate::ring) unsafe fn write(&self, index: usize, record: T) {
        // SAFETY: as the caller promises.
        let before = unsafe { self.at(index).replace(Some(record)) };
        assert!(
            before.is_none() || !core::mem::needs_drop::<T>(),
            "a record is written over another"
        );
    }

    /// # Safety
    /// The place is full and the caller's alone.
    pub(in crate::ring) unsafe fn replace(&self, index: usize, record: T) -> T {
        // SAFETY: as the caller promises.
        unsafe { self.at(index).replace(Some(record)) }.expect("an empty place is read")
    }

    /// # Safety
    /// The place is full and the caller's alone; it is empty afterwards.
    pub(in crate::ring) unsafe fn read(&self, index: usize) -> T {
        // SAFETY: as the caller promises.
        unsafe { self.at(index).replace(None) }.expect("an empty place is read")
    }

    /// # Safety
    /// The place is full, and nobody writes it as long as the reference is used.
    pub(in crate::ring) unsafe fn get(&self, index: usize) -> &T {
        // SAFETY: as the caller promises.
        unsafe { (*self.at(index)).as_ref() }.expect("an empty place is read")
    }
}

/// Marks memory that one side at a time may touch. Nothing here: no thread is stopped in the midst of touching it.
pub(in crate::ring) struct Owned;

impl Owned {
    pub(in crate::ring) fn new() -> Self {
        Owned
    }

    /// The caller touches the memory, and thinks that nobody else does.
    pub(in crate::ring) fn touch(&self) {}
}

macro_rules! filled {
    ($value:expr) => {
        core::array::from_fn(|_| $value)
    };
}
pub(in crate::ring) use filled;
