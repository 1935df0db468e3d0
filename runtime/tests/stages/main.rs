//! Every signature that `#[stage]` takes, driven through the traits by hand.
#![allow(missing_docs)]

mod batch;
mod drive;
mod forms;
mod generics;
mod hygiene;
mod impls;
mod sources;
mod time;
