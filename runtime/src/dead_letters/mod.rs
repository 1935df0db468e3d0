//! Dead letters: a store for records that failed, in a file.
//!
mod error;
mod letter;
mod options;
mod payload;
mod replay;
mod room;
mod select;
mod stages;
mod store;

pub use error::StoreError;
pub use letter::{CauseKind, Letter, LetterId, State};
pub use options::{Options, WhenFull};
pub use replay::Replay;
pub use select::Select;
pub use stages::{Kept, dead_letter_batch, dead_letters};
pub use store::{DeadLetters, Totals};
