//! The machine itself.

use core::cell::UnsafeCell;
use core::mem::{ManuallyDrop, MaybeUninit};
pub(in crate::ring) use core::sync::atomic::fence;
#[cfg(feature = "std")]
pub(crate) use core::sync::atomic::{AtomicBool, AtomicU64};
pub(crate) use core::sync::atomic::{AtomicU8, AtomicUsize};
#[cfg(feature = "std")]
pub(crate) use std::sync::{Mutex, MutexGuard};
#[cfg(feature = "std")]
pub(crate) use std::thread::{Thread, current, park, park_timeout};

#[cfg(feature = "std")]
pub(crate) use atomic_waker::AtomicWaker;

#[cfg(feature = "alloc")]
pub(in crate::ring) use alloc::sync::Arc;

use super::Ordering;

/// This is not a checker.
pub(in crate::ring) const CHECKED: bool = false;

/// `N` places for records, all empty. An index is taken modulo `N`, a power of two.
pub(in crate::ring) struct Slots<T, const N: usize>(UnsafeCell<[MaybeUninit<T>; N]>);

impl<T, const N: usize> Slots<T, N> {
    pub(in crate::ring) const fn new() -> Self {
        Slots(UnsafeCell::new([const { MaybeUninit::uninit() }; N]))
    }

    /// Where the place is.
    #[inline(always)]
    pub(in crate::ring) fn at(&self, index: usize) -> *mut MaybeUninit<T> {
        // SAFETY: the index is below `N`, so the place is inside the array.
        unsafe { self.0.get().cast::<MaybeUninit<T>>().add(index & (N - 1)) }
    }

    /// # Safety
    /// The place is empty and the caller's alone.
    #[inline(always)]
    pub(in crate::ring) unsafe fn write(&self, index: usize, record: T) {
        // SAFETY: inside the array; nobody else looks at the place, as the caller promises.
        unsafe { self.at(index).write(MaybeUninit::new(record)) }
    }

    /// # Safety
    /// The place is full and the caller's alone; it is empty afterwards.
    #[inline(always)]
    pub(in crate::ring) unsafe fn read(&self, index: usize) -> T {
        // SAFETY: inside the array; initialised and unshared, as the caller promises.
        unsafe { self.at(index).read().assume_init() }
    }
}

/// `N` places for records, but `LEAST` at least, all empty.
pub(in crate::ring) struct Places<T, const N: usize, const LEAST: usize>(UnsafeCell<MaybeUninit<Longer<T, N, LEAST>>>);

/// As long as the longer of two arrays.
#[repr(C)]
union Longer<T, const N: usize, const LEAST: usize> {
    _one: ManuallyDrop<[MaybeUninit<T>; N]>,
    _other: ManuallyDrop<[MaybeUninit<T>; LEAST]>,
}

impl<T, const N: usize, const LEAST: usize> Places<T, N, LEAST> {
    pub(in crate::ring) const fn new() -> Self {
        Places(UnsafeCell::new(MaybeUninit::uninit()))
    }

    /// # Safety
    /// There is such a place: the index is below `N`, or below `LEAST`.
    #[inline(always)]
    unsafe fn at(&self, index: usize) -> *mut MaybeUninit<T> {
        debug_assert!(index < if N < LEAST { LEAST } else { N });
        // SAFETY: as the caller promises, so the place is inside the longer array, which is all that `Longer` is.
        unsafe { self.0.get().cast::<MaybeUninit<T>>().add(index) }
    }

    /// # Safety
    /// There is such a place; it is empty and the caller's alone.
    #[inline(always)]
    pub(in crate::ring) unsafe fn write(&self, index: usize, record: T) {
        // SAFETY: as the caller promises.
        unsafe { self.at(index).write(MaybeUninit::new(record)) }
    }

    /// # Safety
    /// There is such a place; it is full and the caller's alone.
    #[inline(always)]
    pub(in crate::ring) unsafe fn replace(&self, index: usize, record: T) -> T {
        // SAFETY: as the caller promises.
        unsafe { self.at(index).replace(MaybeUninit::new(record)).assume_init() }
    }

    /// # Safety
    /// There is such a place; it is full and the caller's alone; it is empty afterwards.
    #[inline(always)]
    pub(in crate::ring) unsafe fn read(&self, index: usize) -> T {
        // SAFETY: as the caller promises.
        unsafe { self.at(index).read().assume_init() }
    }

    /// # Safety
    /// There is such a place; it is full, and nobody writes it as long as the reference is used.
    #[inline(always)]
    pub(in crate::ring) unsafe fn get(&self, index: usize) -> &T {
        // SAFETY: as the caller promises.
        unsafe { (*self.at(index)).assume_init_ref() }
    }
}

/// Marks memory that one side at a time may touch. Nothing here: it is for the checkers.
pub(in crate::ring) struct Owned;

impl Owned {
    pub(in crate::ring) const fn new() -> Self {
        Owned
    }

    /// The caller touches the memory, and thinks that nobody else does.
    #[inline(always)]
    pub(in crate::ring) const fn touch(&self) {}
}

/// Between "I changed it" and "does the other sleep?", and between "I sleep" and "has it changed?".
#[inline(always)]
pub(in crate::ring) fn handshake() {
    fence(Ordering::SeqCst);
}

/// Somebody else is about to finish what we wait for.
pub(in crate::ring) fn relax() {
    core::hint::spin_loop();
}

/// Somebody else should go first.
pub(in crate::ring) fn yield_now() {
    #[cfg(feature = "std")]
    std::thread::yield_now();
    #[cfg(not(feature = "std"))]
    relax();
}

macro_rules! filled {
    ($value:expr) => {
        [const { $value }; _]
    };
}
pub(in crate::ring) use filled;
