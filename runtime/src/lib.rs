//! Bounded, statically wired, zero-allocation pipelines that the compiler checks before they run.

pub mod ring;
