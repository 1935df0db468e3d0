//! Bounded, statically wired, zero-allocation pipelines that the compiler checks before they run.

pub mod edge;
mod error;
mod input;
pub mod pipeline;
pub mod record;
pub mod ring;
pub mod rt;
pub mod segment;
pub mod stage;
mod stream;
mod task;

pub use error::{Error, SendError, StartError};
pub use forebay_macros::stage;
pub use input::{Input, Reserve, Send, Slot, Waiting};
pub use stream::{AsyncStream, Recv, TryRecvError};
pub use task::{AsyncTask, Completion};

/// What a program with stages and pipelines names.
pub mod prelude {
    pub use forebay_macros::stage;

    pub use crate::stage::{Batch, Emit, Inlet};
}
