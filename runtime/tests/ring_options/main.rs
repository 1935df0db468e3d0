//! What a ring does by the options that few have, each in a module of its name.
#![allow(missing_docs, unreachable_pub)]

#[path = "../kit/mod.rs"]
mod kit;
mod support;

mod coalesce;
mod offer;
mod priority;
