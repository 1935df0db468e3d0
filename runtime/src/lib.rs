//! Bounded, statically wired, zero-allocation pipelines that the compiler checks before they run.

pub mod record;
mod ring {
    pub(crate) mod slot;
}
pub mod stage;
#[doc(hidden)]
pub mod text;

pub use forebay_macros::{record, stage};

/// What a program with stages and pipelines names.
pub mod prelude {
    pub use forebay_macros::{record, stage};

    pub use crate::stage::{Batch, Emit, Inlet};
}
