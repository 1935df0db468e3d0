//! What the rings take from `core` and `std`, or from the model checker under `cfg(forebay_loom)`.

use core::mem::MaybeUninit;
pub(super) use core::sync::atomic::Ordering;

#[cfg(forebay_loom)]
pub(super) use self::model::*;
#[cfg(not(forebay_loom))]
pub(super) use self::real::*;

/// Keeps what two sides write on different lines, wherever the ring lies; 128 because processors fetch lines in pairs.
///
/// Room behind the value, not an alignment: the allocator gives zeroed memory untouched only at its usual alignment.
#[repr(C)]
pub(super) struct Line<T>(pub(super) T, [u8; 120]);

impl<T> Line<T> {
    pub(super) const fn new(value: T) -> Self {
        Line(value, [0; 120])
    }
}

#[cfg(not(forebay_loom))]
mod real {
    use super::{MaybeUninit, Ordering};
    use core::cell::UnsafeCell;
    use core::mem::ManuallyDrop;
    pub(in crate::ring) use core::sync::atomic::{AtomicU8, AtomicUsize, fence};
    pub(in crate::ring) use std::sync::{Arc, Mutex};

    /// `N` places for records, all empty. An index is taken modulo `N`, a power of two.
    pub(in crate::ring) struct Slots<T, const N: usize>(UnsafeCell<[MaybeUninit<T>; N]>);

    impl<T, const N: usize> Slots<T, N> {
        pub(in crate::ring) const fn new() -> Self {
            Slots(UnsafeCell::new([const { MaybeUninit::uninit() }; N]))
        }

        #[inline(always)]
        fn at(&self, index: usize) -> *mut MaybeUninit<T> {
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

        #[inline(always)]
        fn at(&self, index: usize) -> *mut MaybeUninit<T> {
            debug_assert!(index < if N < LEAST { LEAST } else { N });
            // SAFETY: the index is below `N` or below `LEAST`, as all who call this promise, so the place is inside the longer array.
            unsafe { self.0.get().cast::<MaybeUninit<T>>().add(index) }
        }

        /// # Safety
        /// There is such a place; it is empty and the caller's alone.
        #[inline(always)]
        pub(in crate::ring) unsafe fn write(&self, index: usize, record: T) {
            // SAFETY: inside the array; nobody else looks at the place, as the caller promises.
            unsafe { self.at(index).write(MaybeUninit::new(record)) }
        }

        /// # Safety
        /// There is such a place; it is full and the caller's alone.
        #[inline(always)]
        pub(in crate::ring) unsafe fn replace(&self, index: usize, record: T) -> T {
            // SAFETY: inside the array; initialised and unshared, as the caller promises.
            unsafe { self.at(index).replace(MaybeUninit::new(record)).assume_init() }
        }

        /// # Safety
        /// There is such a place; it is full and the caller's alone; it is empty afterwards.
        pub(in crate::ring) unsafe fn read(&self, index: usize) -> T {
            // SAFETY: inside the array; initialised and unshared, as the caller promises.
            unsafe { self.at(index).read().assume_init() }
        }

        /// # Safety
        /// There is such a place; it is full, and nobody writes it as long as the reference is used.
        #[inline(always)]
        pub(in crate::ring) unsafe fn get(&self, index: usize) -> &T {
            // SAFETY: inside the array; initialised, and only read meanwhile, as the caller promises.
            unsafe { (*self.at(index)).assume_init_ref() }
        }
    }

    /// The order of the store that makes a record visible.
    #[inline(always)]
    pub(in crate::ring) const fn publish_order() -> Ordering {
        Ordering::Release
    }

    /// The order in which a reader lets go of what it looked at.
    #[inline(always)]
    pub(in crate::ring) const fn unpin_order() -> Ordering {
        Ordering::Release
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

    macro_rules! filled {
        ($value:expr) => {
            [const { $value }; _]
        };
    }
    pub(in crate::ring) use filled;
}

#[cfg(forebay_loom)]
mod model {
    use super::{MaybeUninit, Ordering};
    pub(in crate::ring) use loom::sync::atomic::{AtomicU8, AtomicUsize, fence};
    pub(in crate::ring) use loom::sync::{Arc, Mutex};
    use std::sync::atomic::AtomicBool;

    /// One tracked cell a place, so that the model sees a race on a record.
    pub(in crate::ring) struct Slots<T, const N: usize>([loom::cell::UnsafeCell<MaybeUninit<T>>; N]);

    impl<T, const N: usize> Slots<T, N> {
        pub(in crate::ring) fn new() -> Self {
            Slots(core::array::from_fn(|_| loom::cell::UnsafeCell::new(MaybeUninit::uninit())))
        }

        /// # Safety
        /// The place is empty and the caller's alone.
        pub(in crate::ring) unsafe fn write(&self, index: usize, record: T) {
            // SAFETY: as the caller promises.
            self.0[index & (N - 1)].with_mut(|place| unsafe { place.write(MaybeUninit::new(record)) })
        }

        /// # Safety
        /// The place is full and the caller's alone; it is empty afterwards.
        pub(in crate::ring) unsafe fn read(&self, index: usize) -> T {
            // SAFETY: as the caller promises. `with_mut`: reading empties the place.
            self.0[index & (N - 1)].with_mut(|place| unsafe { place.read().assume_init() })
        }
    }

    /// One tracked cell a place; of the two rows the longer is used.
    pub(in crate::ring) struct Places<T, const N: usize, const LEAST: usize>(Row<T, N>, Row<T, LEAST>);
    type Cell<T> = loom::cell::UnsafeCell<MaybeUninit<T>>;
    type Row<T, const N: usize> = [Cell<T>; N];

    impl<T, const N: usize, const LEAST: usize> Places<T, N, LEAST> {
        pub(in crate::ring) fn new() -> Self {
            let empty = |_| loom::cell::UnsafeCell::new(MaybeUninit::uninit());
            Places(core::array::from_fn(empty), core::array::from_fn(empty))
        }

        fn at(&self, index: usize) -> &Cell<T> {
            if N < LEAST { &self.1[index] } else { &self.0[index] }
        }

        /// # Safety
        /// The place is empty and the caller's alone.
        pub(in crate::ring) unsafe fn write(&self, index: usize, record: T) {
            // SAFETY: as the caller promises.
            self.at(index)
                .with_mut(|place| unsafe { place.write(MaybeUninit::new(record)) })
        }

        /// # Safety
        /// The place is full and the caller's alone.
        pub(in crate::ring) unsafe fn replace(&self, index: usize, record: T) -> T {
            // SAFETY: as the caller promises.
            self.at(index)
                .with_mut(|place| unsafe { place.replace(MaybeUninit::new(record)).assume_init() })
        }

        /// # Safety
        /// The place is full and the caller's alone; it is empty afterwards.
        pub(in crate::ring) unsafe fn read(&self, index: usize) -> T {
            // SAFETY: as the caller promises. `with_mut`: reading empties the place.
            self.at(index).with_mut(|place| unsafe { place.read().assume_init() })
        }

        /// # Safety
        /// The place is full, and nobody writes it as long as the reference is used. The model looks at it now only.
        pub(in crate::ring) unsafe fn get(&self, index: usize) -> &T {
            // SAFETY: as the caller promises.
            self.at(index).with(|place| unsafe { (*place).assume_init_ref() })
        }
    }

    /// The twins of the model tests: with one of these set, a test must fail.
    pub(in crate::ring) static WEAK_PUBLISH: AtomicBool = AtomicBool::new(false);
    pub(in crate::ring) static WEAK_UNPIN: AtomicBool = AtomicBool::new(false);
    pub(in crate::ring) static NO_HANDSHAKE: AtomicBool = AtomicBool::new(false);

    pub(in crate::ring) fn publish_order() -> Ordering {
        if WEAK_PUBLISH.load(Ordering::SeqCst) {
            Ordering::Relaxed
        } else {
            Ordering::Release
        }
    }

    pub(in crate::ring) fn unpin_order() -> Ordering {
        if WEAK_UNPIN.load(Ordering::SeqCst) {
            Ordering::Relaxed
        } else {
            Ordering::Release
        }
    }

    pub(in crate::ring) fn handshake() {
        if !NO_HANDSHAKE.load(Ordering::SeqCst) {
            fence(Ordering::SeqCst);
        }
    }

    pub(in crate::ring) fn relax() {
        loom::thread::yield_now();
    }

    macro_rules! filled {
        ($value:expr) => {
            core::array::from_fn(|_| $value)
        };
    }
    pub(in crate::ring) use filled;
}

/// A constructor that is `const`, except under the model checker.
macro_rules! const_new {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident : $type:ty),*) -> $out:ty $body:block) => {
        $(#[$meta])*
        #[cfg(not(forebay_loom))]
        $vis const fn $name($($arg: $type),*) -> $out $body
        $(#[$meta])*
        #[cfg(forebay_loom)]
        $vis fn $name($($arg: $type),*) -> $out $body
    };
}
pub(super) use const_new;
