//! The watch by which a segment times its own work: how long a chunk took, whether a poll has been long enough.
//!
//! It is the machine's. Where a simulation runs on this thread it is the simulation's, so that a seed repeats how records fall
//! into chunks too.

#[cfg(not(feature = "testing"))]
#[inline(always)]
pub(crate) fn look() -> std::time::Instant {
    std::time::Instant::now()
}

#[cfg(feature = "testing")]
pub(crate) use simulated::{look, worn};

#[cfg(feature = "testing")]
mod simulated {
    use std::cell::RefCell;
    use std::time::Instant;

    use crate::testing::SimRt;

    thread_local! {
        static WORN: RefCell<Option<SimRt>> = const { RefCell::new(None) };
    }

    /// What the watch of this thread shows.
    pub(crate) fn look() -> Instant {
        let simulated = WORN.try_with(|worn| worn.borrow().as_ref().map(SimRt::look));
        simulated.ok().flatten().unwrap_or_else(Instant::now)
    }

    /// While `f` runs this thread wears the watch of `rt`.
    pub(crate) fn worn<T>(rt: &SimRt, f: impl FnOnce() -> T) -> T {
        struct Before(Option<SimRt>);
        impl Drop for Before {
            fn drop(&mut self) {
                let ours = WORN.replace(self.0.take());
                drop(ours);
            }
        }
        let _before = Before(WORN.replace(Some(rt.clone())));
        f()
    }
}
