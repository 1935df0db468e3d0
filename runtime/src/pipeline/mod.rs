//! A running pipeline: its start, its life and end, its counts, its picture.

#[doc(hidden)]
pub mod budget;
mod build;
mod builder;
mod coalesced;
mod control;
pub mod counters;
mod crowd;
mod ends;
mod follow;
mod graded;
mod join;
mod launch;
pub mod ledger;
mod life;
mod registry;
mod table;
pub mod topology;

pub use build::Assembly;
pub use builder::{
    Begin, FullInput, Given, InStatic, Inline, Missing, NotGiven, Pipeline, Present, admitting_input, coalescing_input, input,
    output, output_coalesced, output_ranked, output_shared, ranked_input, shed_wire,
};
pub use control::Control;
pub use counters::{NodeCell, OfferCell, PortOffers, TakeCell};
pub use crowd::CrowdCount;
pub use ends::{Ends, MpmcHome, PortEnd, ReadEnd, SpscHome, WriteEnd};
pub use follow::{BroadcastHome, Followers, LatestHome};
pub use join::{JoinError, JoinReason};
pub use launch::{Launch, OnEnd};
pub use life::{Component, Keeper, Lifeline, Watched};
pub use registry::{LinkFrom, LinkSpec, LinkTo, link};
