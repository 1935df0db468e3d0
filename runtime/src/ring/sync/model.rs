//! The model checker loom, which follows what each thread may see.
//!
//! A *twin* of a model is the same with one kind of step in some file made weaker: it must fail, or the model proves nothing
//! about that step.

use core::mem::MaybeUninit;
use core::panic::Location;
use std::sync::OnceLock;

use loom::cell::UnsafeCell;
use loom::sync::atomic;
pub(in crate::ring) use loom::sync::{Arc, Mutex};
pub(in crate::ring) use loom::thread::{yield_now, yield_now as relax};

use super::Ordering;

/// This is a checker.
pub(in crate::ring) const CHECKED: bool = true;

/// What the twin breaks: a kind of step, and where, as `store spsc/producer.rs`.
///
/// Loads, stores and exchanges (all that reads and writes at once) become relaxed, fences are left out. `ring/` is anywhere.
pub(in crate::ring) static TWIN: OnceLock<String> = OnceLock::new();

/// The step at `place` is one that the twin breaks.
fn is_broken(step: &str, place: &Location<'_>) -> bool {
    let broken = TWIN.get().and_then(|twin| twin.split_once(' '));
    broken.is_some_and(|(what, file)| what == step && place.file().contains(file))
}

#[track_caller]
fn weakened(step: &str, order: Ordering) -> Ordering {
    if is_broken(step, Location::caller()) {
        Ordering::Relaxed
    } else {
        order
    }
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
        pub(in crate::ring) struct $name(atomic::$name);

        #[allow(dead_code, reason = "one set of operations for all")]
        impl $name {
            pub(in crate::ring) fn new(value: $value) -> Self {
                $name(atomic::$name::new(value))
            }
            #[track_caller]
            pub(in crate::ring) fn load(&self, order: Ordering) -> $value {
                self.0.load(weakened("load", order))
            }
            #[track_caller]
            pub(in crate::ring) fn store(&self, value: $value, order: Ordering) {
                self.0.store(value, weakened("store", order));
            }
            #[track_caller]
            pub(in crate::ring) fn swap(&self, value: $value, order: Ordering) -> $value {
                self.0.swap(value, weakened("exchange", order))
            }
            #[track_caller]
            pub(in crate::ring) fn fetch_add(&self, by: $value, order: Ordering) -> $value {
                self.0.fetch_add(by, weakened("exchange", order))
            }
            #[track_caller]
            pub(in crate::ring) fn fetch_sub(&self, by: $value, order: Ordering) -> $value {
                self.0.fetch_sub(by, weakened("exchange", order))
            }
            #[track_caller]
            pub(in crate::ring) fn fetch_or(&self, bits: $value, order: Ordering) -> $value {
                self.0.fetch_or(bits, weakened("exchange", order))
            }
            #[track_caller]
            pub(in crate::ring) fn compare_exchange(
                &self,
                old: $value,
                new: $value,
                done: Ordering,
                not: Ordering,
            ) -> Result<$value, $value> {
                self.0
                    .compare_exchange(old, new, weakened("exchange", done), weakened("exchange", not))
            }
            #[track_caller]
            pub(in crate::ring) fn compare_exchange_weak(
                &self,
                old: $value,
                new: $value,
                done: Ordering,
                not: Ordering,
            ) -> Result<$value, $value> {
                self.0
                    .compare_exchange_weak(old, new, weakened("exchange", done), weakened("exchange", not))
            }
        }
    };
}
atomic!(AtomicU8, u8);
atomic!(AtomicUsize, usize);

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
