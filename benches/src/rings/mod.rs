//! This project's rings by themselves: without a pipeline, and so without guards and counts, around them.

pub(crate) mod broadcast;
pub(crate) mod in_place;
pub(crate) mod latest;
pub(crate) mod spsc;
