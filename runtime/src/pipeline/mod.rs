//! A running pipeline: its start, its life and end, its counts, its picture.

mod build;
mod control;
pub mod counters;
pub mod ledger;
mod life;
mod table;
pub mod topology;

pub use build::{Assembly, Ends, LinkFrom, LinkSpec, LinkTo, PortEnd, ReadEnd, WriteEnd};
pub use control::{Control, DrainLimit};
pub use counters::{NodeCell, OfferCell, SharedCount, TakeCell};
pub use life::{Component, Keeper, Lifeline};
