//! The seat of an end that waits again and again, at a fixed place, so that the end itself can move.

#[cfg(not(feature = "alloc"))]
mod bench;
#[cfg(feature = "alloc")]
mod heap;

#[cfg(not(feature = "alloc"))]
pub use bench::SEATS;
#[cfg(not(feature = "alloc"))]
pub(super) use bench::{Bench, Stool};
#[cfg(feature = "alloc")]
pub use heap::SEATS;
#[cfg(feature = "alloc")]
pub(super) use heap::Stool;
