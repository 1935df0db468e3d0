//! A fault kit for the tests of a program (feature `testing`): faults in any node by its name, waiting for the ledger, and a seed.
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

mod fault;
mod kit;
mod strike;

pub use fault::Fault;
pub(crate) use kit::Kit;
pub use kit::Testing;
pub(crate) use strike::Strike;
