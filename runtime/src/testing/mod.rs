//! For the tests of a program (feature `testing`): a fault kit, and a runtime of which a seed repeats every step.
//!
//! # Faults
//!
//! [`Testing`] puts faults into any node by its name, waits for the ledger, and has a seed.
//!
//! ```
//! use forebay::prelude::*;
//! use forebay::testing::{Fault, Testing};
//!
//! #[stage]
//! async fn ask(n: u64) -> Result<u64, String> {
//!     Ok(n)
//! }
//! pipeline! {
//!     Asking {
//!         input  numbers: u64 [8];
//!         output done: u64 [8];
//!         numbers -> ask { retry: 2 } -> done;
//!         errors -> drop;
//!     }
//! }
//!
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() {
//! let AskingHandle { numbers, mut done, control } = Asking::builder().start().unwrap();
//! let testing = Testing::new(&control);
//! // The first two calls fail.
//! testing.inject("ask", Fault::error(|| "busy".to_owned()).times(2));
//! numbers.send(7).await.unwrap();
//! assert_eq!(done.recv().await, Some(7));
//! testing.until(|ledger| ledger.ask.finished == 1).await;
//! assert_eq!(control.ledger().ask.attempts, 3);
//! testing.balanced(&control.drain().await);
//! # }
//! ```
//!
//! Time stands still, and is stepped, with tokio's paused clock: every wait of a pipeline asks its runtime for the time.
//!
//! # A simulation
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
mod fault;
mod kit;
mod sim;
mod sleep;
mod strike;
mod stuck;
mod tasks;
#[cfg(test)]
mod tests;

pub use dice::Dice;
pub use fault::Fault;
pub(crate) use kit::Kit;
pub use kit::Testing;
pub use sim::{Sim, SimRt};
pub use sleep::SimSleep;
pub(crate) use strike::Strike;
pub use stuck::{Stuck, StuckReason};
