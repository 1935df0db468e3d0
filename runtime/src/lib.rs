//! Bounded, statically wired, zero-allocation pipelines that the compiler checks before they run.

pub mod pipeline;
pub mod rt;
mod task;

pub use task::{AsyncTask, Completion};
