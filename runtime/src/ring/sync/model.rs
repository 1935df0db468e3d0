//! The model checker loom, which follows what each thread may see.
//!
//! A *twin* of a model is the same with one kind of step in some file made weaker: it must fail, or the model proves nothing
//! about that step.

use core::mem::MaybeUninit;
use core::panic::Location;
use std::collections::BTreeSet;
use std::sync::{Mutex as StdMutex, OnceLock};

use loom::cell::UnsafeCell;
use loom::sync::atomic;
pub(in crate::ring) use loom::sync::{Arc, Mutex};
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
    /// Loads, stores and exchanges (all that reads and writes at once) become relaxed, fences are left out.
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
            pub(in crate::ring) fn fetch_xor(&self, bits: $value, order: Ordering) -> $value {
                self.0.fetch_xor(bits, weakened("exchange", order))
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
