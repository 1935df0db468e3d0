//! The model checker loom, which follows what each thread may see.
//!
//! A *twin* of a model is the same with one kind of step in some file made weaker: it must fail, or the model proves nothing
//! about that step.

use core::mem::MaybeUninit;
use core::ops::{Deref, DerefMut};
use core::panic::Location;
use core::task::Waker;
use core::time::Duration;
use std::collections::BTreeSet;
use std::sync::{LockResult, Mutex as StdMutex, OnceLock, PoisonError};

use loom::cell::{MutPtr, UnsafeCell};
pub(in crate::ring) use loom::sync::Arc;
use loom::sync::{self, atomic};
pub(crate) use loom::thread::{Thread, current, park};
pub(in crate::ring) use loom::thread::{yield_now, yield_now as relax};

use super::Ordering;

/// This is a checker.
pub(in crate::ring) const CHECKED: bool = true;

/// What a twin breaks: a kind of step in one file, or in one line of it.
pub(in crate::ring) struct Twin {
    step: String,
    file: String,
    line: Option<u32>,
}

impl Twin {
    /// Written as `store spsc/producer.rs` or `fence ring/wait.rs:61`.
    ///
    /// Loads, stores and exchanges (all that reads and writes at once) become relaxed, fences and locks are left out. `torn`: an
    /// exchange reads, and then writes. `plant NAME`: a fault that the model itself has, see [`planted`].
    #[cfg(test)]
    pub(in crate::ring) fn parse(text: &str) -> Self {
        let (step, place) = text.split_once(' ').expect("a step, and where");
        let (file, line) = match place.split_once(':') {
            Some((file, line)) => (file, Some(line.parse().expect("a line"))),
            None => (place, None),
        };
        Twin {
            step: step.to_owned(),
            file: file.to_owned(),
            line,
        }
    }

    fn breaks(&self, step: &str, place: &Location<'_>) -> bool {
        self.step == step && place.file().contains(&self.file) && self.line.is_none_or(|line| line == place.line())
    }
}

/// The twin that this process is.
pub(in crate::ring) static TWIN: OnceLock<Twin> = OnceLock::new();
/// The steps that were taken; but those that are relaxed anyway.
pub(in crate::ring) static TAKEN: StdMutex<BTreeSet<(&str, &str, u32)>> = StdMutex::new(BTreeSet::new());

/// A step is taken at `place`: is it one that the twin breaks?
fn is_broken(step: &'static str, place: &'static Location<'static>) -> bool {
    match TWIN.get() {
        Some(twin) => twin.breaks(step, place),
        None => {
            TAKEN.lock().unwrap().insert((step, place.file(), place.line()));
            false
        }
    }
}

#[track_caller]
fn weakened(step: &'static str, order: Ordering) -> Ordering {
    if order != Ordering::Relaxed && is_broken(step, Location::caller()) {
        Ordering::Relaxed
    } else {
        order
    }
}

/// The exchange at `place` is one that the twin tears.
fn is_torn(place: &Location<'_>) -> bool {
    TWIN.get().is_some_and(|twin| twin.breaks("torn", place))
}

/// The twin is this fault of the model's own: what is done in another order, or in another place.
#[cfg(test)]
pub(crate) fn planted(fault: &str) -> bool {
    TWIN.get().is_some_and(|twin| twin.step == "plant" && twin.file == fault)
}

/// Between "I changed it" and "does the other sleep?", and between "I sleep" and "has it changed?".
#[track_caller]
pub(in crate::ring) fn handshake() {
    if !is_broken("fence", Location::caller()) {
        atomic::fence(Ordering::SeqCst);
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
            #[track_caller]
            pub(crate) fn load(&self, order: Ordering) -> $value {
                self.0.load(weakened("load", order))
            }
            #[track_caller]
            pub(crate) fn store(&self, value: $value, order: Ordering) {
                self.0.store(value, weakened("store", order));
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
            pub(crate) fn compare_exchange(
                &self,
                old: $value,
                new: $value,
                done: Ordering,
                not: Ordering,
            ) -> Result<$value, $value> {
                if is_torn(Location::caller()) {
                    let now = self.0.load(Ordering::Acquire);
                    if now != old {
                        return Err(now);
                    }
                    self.0.store(new, Ordering::Release);
                    return Ok(now);
                }
                self.0
                    .compare_exchange(old, new, weakened("exchange", done), weakened("exchange", not))
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
            pub(crate) fn $name(&self, by: $value, order: Ordering) -> $value {
                if is_torn(Location::caller()) {
                    let now = self.0.load(Ordering::Acquire);
                    let next: fn($value, $value) -> $value = $next;
                    self.0.store(next(now, by), Ordering::Release);
                    return now;
                }
                self.0.$name(by, weakened("exchange", order))
            }
        )*
    };
}
atomic!(AtomicU8, u8);
atomic!(AtomicU64, u64);
atomic!(AtomicUsize, usize);

/// A lock around a cell that the model watches: with the lock left out the model sees who meets there.
pub(crate) struct Mutex<T> {
    lock: sync::Mutex<()>,
    value: UnsafeCell<T>,
}

// SAFETY: the value is reached by who holds the lock. A twin without it fails by the watched cell before two are there.
unsafe impl<T: Send> Sync for Mutex<T> {}

/// The value, and the lock.
pub(crate) struct MutexGuard<'a, T> {
    // First the value is let go, then the lock.
    value: MutPtr<T>,
    _held: Option<sync::MutexGuard<'a, ()>>,
}

impl<T> Mutex<T> {
    pub(crate) fn new(value: T) -> Self {
        Mutex {
            lock: sync::Mutex::new(()),
            value: UnsafeCell::new(value),
        }
    }
    #[track_caller]
    pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let held = (!is_broken("lock", Location::caller())).then(|| self.lock.lock().unwrap_or_else(PoisonError::into_inner));
        let value = self.value.get_mut();
        Ok(MutexGuard { value, _held: held })
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Mutex::new(T::default())
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        // SAFETY: we hold the lock, and the cell knows that we are there.
        unsafe { self.value.deref() }
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: as above.
        unsafe { self.value.deref() }
    }
}

/// The crate of that name, less its cleverness.
pub(crate) struct AtomicWaker(Mutex<Option<Waker>>);

impl AtomicWaker {
    pub(crate) fn new() -> Self {
        AtomicWaker(Mutex::default())
    }
    pub(crate) fn register(&self, waker: &Waker) {
        let earlier = self.lock().replace(waker.clone());
        drop(earlier);
    }
    pub(crate) fn wake(&self) {
        let waker = self.lock().take();
        waker.into_iter().for_each(Waker::wake);
    }
    fn lock(&self) -> MutexGuard<'_, Option<Waker>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// No clock in a model.
pub(crate) fn park_timeout(_most: Duration) {
    park();
}

/// One tracked cell a place, so that the model sees a race on a record.
pub(in crate::ring) struct Slots<T, const N: usize>([UnsafeCell<MaybeUninit<T>>; N]);

impl<T, const N: usize> Slots<T, N> {
    pub(in crate::ring) fn new() -> Self {
        Slots(core::array::from_fn(|_| UnsafeCell::new(MaybeUninit::uninit())))
    }

    /// # Safety
    /// The place is empty and the caller's alone.
    #[track_caller]
    pub(in crate::ring) unsafe fn write(&self, index: usize, record: T) {
        // SAFETY: as the caller promises.
        self.0[index & (N - 1)].with_mut(|place| unsafe { place.write(MaybeUninit::new(record)) })
    }

    /// # Safety
    /// The place is full and the caller's alone; it is empty afterwards.
    #[track_caller]
    pub(in crate::ring) unsafe fn read(&self, index: usize) -> T {
        // SAFETY: as the caller promises. `with_mut`: reading empties the place.
        self.0[index & (N - 1)].with_mut(|place| unsafe { place.read().assume_init() })
    }
}

/// One tracked cell a place; of the two rows the longer is used.
pub(in crate::ring) struct Places<T, const N: usize, const LEAST: usize>(Row<T, N>, Row<T, LEAST>);
type Row<T, const N: usize> = [UnsafeCell<MaybeUninit<T>>; N];

impl<T, const N: usize, const LEAST: usize> Places<T, N, LEAST> {
    pub(in crate::ring) fn new() -> Self {
        let empty = |_| UnsafeCell::new(MaybeUninit::uninit());
        Places(core::array::from_fn(empty), core::array::from_fn(empty))
    }

    fn at(&self, index: usize) -> &UnsafeCell<MaybeUninit<T>> {
        if N < LEAST { &self.1[index] } else { &self.0[index] }
    }

    /// # Safety
    /// The place is empty and the caller's alone.
    #[track_caller]
    pub(in crate::ring) unsafe fn write(&self, index: usize, record: T) {
        // SAFETY: as the caller promises.
        self.at(index)
            .with_mut(|place| unsafe { place.write(MaybeUninit::new(record)) })
    }

    /// # Safety
    /// The place is full and the caller's alone.
    #[track_caller]
    pub(in crate::ring) unsafe fn replace(&self, index: usize, record: T) -> T {
        // SAFETY: as the caller promises.
        self.at(index)
            .with_mut(|place| unsafe { place.replace(MaybeUninit::new(record)).assume_init() })
    }

    /// # Safety
    /// The place is full and the caller's alone; it is empty afterwards.
    #[track_caller]
    pub(in crate::ring) unsafe fn read(&self, index: usize) -> T {
        // SAFETY: as the caller promises. `with_mut`: reading empties the place.
        self.at(index).with_mut(|place| unsafe { place.read().assume_init() })
    }

    /// # Safety
    /// The place is full, and nobody writes it as long as the reference is used.
    #[track_caller]
    pub(in crate::ring) unsafe fn get(&self, index: usize) -> &T {
        // SAFETY: as the caller promises. The model takes note of a look that is over at once, and of who comes after it.
        self.at(index).with(|place| unsafe { (*place).assume_init_ref() })
    }
}

/// Marks memory that one side at a time may touch: the model sees a race on it.
pub(in crate::ring) struct Owned(UnsafeCell<()>);

impl Owned {
    pub(in crate::ring) fn new() -> Self {
        Owned(UnsafeCell::new(()))
    }

    /// The caller touches the memory, and thinks that nobody else does.
    #[track_caller]
    pub(in crate::ring) fn touch(&self) {
        self.0.with_mut(|_| {});
    }
}

macro_rules! filled {
    ($value:expr) => {
        core::array::from_fn(|_| $value)
    };
}
pub(in crate::ring) use filled;
