//! The store of dead letters: what it keeps, what it gives back, and what is left of it after a kill.
#![allow(missing_docs, unreachable_pub)]

mod bounds;
mod crash;
mod keeping;
mod pipelines;
mod replays;
mod support;
