//! What is the user's, and may panic.

/// Runs what is the user's. Should it panic, that is not the failure of who runs it.
#[cfg(feature = "std")]
pub(in crate::ring) fn shielded(act: impl FnOnce()) {
    use std::panic::{AssertUnwindSafe, catch_unwind};

    if super::CHECKED {
        return act();
    }
    if let Err(panic) = catch_unwind(AssertUnwindSafe(act))
        && let Err(again) = catch_unwind(AssertUnwindSafe(|| drop(panic)))
    {
        // What panics when it is dropped stays.
        core::mem::forget(again);
    }
}

/// Runs what is the user's. Nothing is caught without `std`: there a panic ends the program.
#[cfg(not(feature = "std"))]
pub(in crate::ring) fn shielded(act: impl FnOnce()) {
    act();
}
