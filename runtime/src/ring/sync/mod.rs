//! What the rings, and all else that has a protocol of its own, take from `core`, and from `std` where there is one; or, where they are put
//! to the proof, what the checkers give for it:
//! `cfg(forebay_loom)` the one that tries every interleaving and every stale value, `cfg(forebay_shuttle)` the one that tries
//! many schedules of much work.

#[cfg(any(forebay_loom, forebay_shuttle))]
mod flag;
mod lock;
#[cfg(forebay_loom)]
mod model;
#[cfg(not(any(forebay_loom, forebay_shuttle)))]
mod real;
#[cfg(forebay_shuttle)]
mod schedule;
mod shield;
#[cfg(any(all(test, forebay_loom), not(any(feature = "std", feature = "critical-section"))))]
mod spin;

pub(crate) use core::sync::atomic::Ordering;

#[cfg(any(forebay_loom, forebay_shuttle))]
pub(crate) use flag::AtomicBool;
pub(crate) use lock::Lock;
pub(super) use shield::shielded;
#[cfg(any(all(test, forebay_loom), not(any(feature = "std", feature = "critical-section"))))]
pub(super) use spin::Spin;

#[cfg(forebay_loom)]
pub(crate) use model::*;
#[cfg(not(any(forebay_loom, forebay_shuttle)))]
pub(crate) use real::*;
#[cfg(forebay_shuttle)]
pub(crate) use schedule::*;

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

/// A value of which each thread has its own.
#[cfg(feature = "std")]
macro_rules! per_thread {
    ($(#[$meta:meta])* static $name:ident: $type:ty = $value:expr;) => {
        #[cfg(not(any(forebay_loom, forebay_shuttle)))]
        std::thread_local! { $(#[$meta])* static $name: $type = const { $value }; }
        #[cfg(forebay_loom)]
        loom::thread_local! { $(#[$meta])* static $name: $type = $value; }
        #[cfg(forebay_shuttle)]
        shuttle::thread_local! { $(#[$meta])* static $name: $type = $value; }
    };
}
#[cfg(feature = "std")]
pub(crate) use per_thread;

/// A constructor that is `const`, except under a checker.
macro_rules! const_new {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($arg:ident : $type:ty),*) -> $out:ty $body:block) => {
        $(#[$meta])*
        #[cfg(not(any(forebay_loom, forebay_shuttle)))]
        $vis const fn $name($($arg: $type),*) -> $out $body
        $(#[$meta])*
        #[cfg(any(forebay_loom, forebay_shuttle))]
        $vis fn $name($($arg: $type),*) -> $out $body
    };
}
pub(crate) use const_new;
