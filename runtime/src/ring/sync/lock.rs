//! A lock for a few instructions. Nothing waits under it, and nothing that is the user's runs there.

#[cfg(not(any(feature = "std", feature = "critical-section")))]
use super::Spin as Kind;
use super::const_new;
#[cfg(any(feature = "std", feature = "critical-section"))]
use kind::Kind;

/// Guards a value that many look at, for a few instructions each.
pub(crate) struct Lock<T>(Kind<T>);

impl<T> Lock<T> {
    const_new! {
        pub(crate) fn new(value: T) -> Self {
            Lock(Kind::new(value))
        }
    }

    /// Runs `act` on the value, alone. It takes no lock itself.
    pub(crate) fn with<R>(&self, act: impl FnOnce(&mut T) -> R) -> R {
        self.0.with(act)
    }
}

impl<T> core::fmt::Debug for Lock<T> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Lock").finish_non_exhaustive()
    }
}

/// With an operating system below, which lets who waits sleep; or a checker's own.
#[cfg(feature = "std")]
mod kind {
    use std::sync::PoisonError;

    use super::super::{Mutex, const_new};

    pub(super) struct Kind<T>(Mutex<T>);

    impl<T> Kind<T> {
        const_new! {
            pub(super) fn new(value: T) -> Self {
                Kind(Mutex::new(value))
            }
        }

        pub(super) fn with<R>(&self, act: impl FnOnce(&mut T) -> R) -> R {
            // Nothing under a lock can panic halfway.
            act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
        }
    }
}

/// Interrupts are off meanwhile, and other cores wait: whatever the program has said a critical section is.
#[cfg(all(feature = "critical-section", not(feature = "std")))]
mod kind {
    use core::cell::RefCell;

    use critical_section::Mutex;

    pub(super) struct Kind<T>(Mutex<RefCell<T>>);

    impl<T> Kind<T> {
        pub(super) const fn new(value: T) -> Self {
            Kind(Mutex::new(RefCell::new(value)))
        }

        pub(super) fn with<R>(&self, act: impl FnOnce(&mut T) -> R) -> R {
            critical_section::with(|section| act(&mut self.0.borrow_ref_mut(section)))
        }
    }
}
