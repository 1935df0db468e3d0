//! The two paths of a record through a stage, and through what stands below it. What they mean for a pipeline is
//! said where edges are.

/// Everything is sync and gives at most one record for each: calls, guarded once a chunk.
#[derive(Debug)]
pub enum Direct {}

/// A stage that waits and gives at most one record, and all below is [`Direct`]: futures, guarded at each poll of a chunk.
#[derive(Debug)]
pub enum Awaited {}

/// Something waits, or gives several records: futures, guarded at each poll.
#[derive(Debug)]
pub enum Polled {}

/// Which path a place allows. Where there are no pipelines, it is just one of them.
#[cfg(not(feature = "std"))]
pub trait Path: 'static {}
#[cfg(not(feature = "std"))]
impl Path for Direct {}
#[cfg(not(feature = "std"))]
impl Path for Awaited {}
#[cfg(not(feature = "std"))]
impl Path for Polled {}

#[cfg(feature = "std")]
pub use crate::edge::Path;
