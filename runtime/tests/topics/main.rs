//! Topics: rings that every reader sees, one value that all see the newest of, and one that is taken once.
#![allow(missing_docs, unreachable_pub)]

mod broadcast;
mod deadline;
mod edges;
mod ends;
#[path = "../kit/mod.rs"]
mod kit;
mod lag;
mod latest;
mod picture;
mod tools;
