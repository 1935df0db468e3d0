//! What a node declares against faults, each option in a module of its name.
#![allow(missing_docs, unreachable_pub)]

#[path = "../kit/mod.rs"]
mod kit;
mod support;

mod admission;
mod batch;
mod breaker;
mod concurrency;
mod deadline;
mod rate;
mod rate_by_key;
mod restart;
mod retry;
mod shutdown;
mod storm;
mod timeout;
