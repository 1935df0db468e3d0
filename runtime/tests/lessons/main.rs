//! How systems of this kind have failed, each failure as a test; `docs/lessons.md` is the list.
#![allow(missing_docs, unreachable_pub)]

mod actors;
mod buffers;
#[path = "../kit/mod.rs"]
mod kit;
mod pipelines;
mod streams;
mod table;
