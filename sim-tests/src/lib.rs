//! Generated pipelines under a deterministic runtime, and an oracle that does not ask the ledger.
//!
//! `build.rs` writes topologies as source text; each is run from many seeds of load, faults and schedule. Every record has an id of
//! its own, every stage and reader tells a `world` what it did with it, and the `oracle` accounts for each id on each way that it
//! could go. Then the ledger has to say the same.

#![cfg(feature = "some")]

mod log;
pub mod oracle;
pub mod plan;
pub mod play;
pub mod rec;
pub mod runs;
pub mod seen;
pub mod spec;
pub mod stages;
pub mod states;
pub mod world;

/// What generated topologies name.
pub mod prelude {
    pub use crate::play::Play;
    pub use crate::rec::{Bad, Rec, arm};
    pub use crate::runs::Case;
    pub use crate::spec::{From, Kind, Link, Node, Port, Spec, To};
    pub use crate::stages::*;
    pub use crate::states::*;
    pub use crate::world::{Spot, ended};
    pub use forebay::StartError;
    pub use forebay::prelude::*;
}
