//! For tests of pipelines: a runtime of which a seed repeats every step (feature `testing`).
//!
//! [`Sim`] is a runtime on one thread, with a clock of its own. Whose turn it is, how long work takes, and whether tasks go through
//! the scheduler or are polled in turn follows from the seed alone; so what went wrong once goes wrong again.
//!
//! ```
//! use std::time::Duration;
//!
//! use forebay::prelude::*;
//! use forebay::testing::Sim;
//!
//! #[stage]
//! fn beat(tick: Tick) -> u64 {
//!     tick.count
//! }
//!
//! pipeline! {
//!     Beats {
//!         output beats: u64 [8];
//!         every 1h -> beat -> beats;
//!     }
//! }
//!
//! for seed in 0..100 {
//!     let sim = Sim::new(seed);
//!     let BeatsHandle { mut beats, control } = Beats::builder().start_on(sim.rt())?;
//!     let ledger = sim.run(async {
//!         assert_eq!(beats.recv().await, Some(0)); // an hour later, at once
//!         drop(beats);
//!         control.drain().await
//!     })?;
//!     ledger.check()?;
//!     assert!(sim.elapsed() >= Duration::from_secs(3600));
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod dice;
mod sim;
mod tasks;
#[cfg(test)]
mod tests;

pub use dice::Dice;
pub use sim::{Reason, Sim, SimRt, SimSleep, Stuck};
