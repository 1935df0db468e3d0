//! Bounded, statically wired, zero-allocation pipelines that the compiler checks before they run.

pub mod edge;
mod error;
mod input;
pub mod pipeline;
#[doc(hidden)]
pub mod private;
pub mod record;
pub mod ring;
pub mod rt;
pub mod segment;
pub mod stage;
mod stream;
mod task;
#[doc(hidden)]
pub mod text;

pub use edge::{Cause, Failed, Reason, Shed};
pub use error::{Error, SendError, StartError};
pub use forebay_macros::{record, stage};
pub use input::{Input, Reserve, Send, SendAll, Slot, Waiting};
pub use pipeline::{Control, JoinError, JoinReason};
pub use segment::{Tick, WorkerId};
pub use stage::{Batch, Emit, Inlet};
pub use stream::{AsyncStream, Recv, TryRecvError};
pub use task::{AsyncTask, Completion};

/// What a program with stages and pipelines names.
pub mod prelude {
    pub use crate::pipeline::Pipeline;
    pub use crate::pipeline::ledger::Ledger;
    pub use crate::{
        AsyncStream, Batch, Cause, Control, Emit, Failed, Inlet, Input, SendError, Shed, Tick, WorkerId, pipeline, record, stage,
    };
}

/// Declares a pipeline. `docs/language.md` is its reference.
#[macro_export]
macro_rules! pipeline {
    ($($declaration:tt)*) => {
        $crate::__pipeline! { @ $crate ; $($declaration)* }
    };
}

#[doc(hidden)]
pub use forebay_macros::__pipeline;
