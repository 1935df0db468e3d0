//! The rings under the model checker: every interleaving, and every value that a weak load may see.
//!
//! `RUSTFLAGS="--cfg forebay_loom" cargo test -p forebay --release --lib model:: -- --show-output`
//!
//! All sides run as threads of the model, and who starts them waits: what it does meanwhile is explored far less. Each property has
//! twins: with an ordering weakened or a fence left out the same model must fail, or it would prove nothing. A floor on the number of
//! runs guards against a model that explores nothing.
//!
//! What is built of the rings, and has a protocol of its own, has its models beside it, with the same twins.

mod broadcast;
mod closing;
mod delivery;
mod evicting;
mod explore;
mod handover;
mod latest;
mod mailbox;
mod receivers;
mod senders;
mod sleepers;
mod spin;
mod steps;

pub(crate) use explore::holds;

pub(crate) use super::trial::{drain, push};
