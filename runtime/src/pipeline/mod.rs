//! A running pipeline: its counts, its picture, its start and its end.

pub mod counters;
pub mod ledger;
mod table;
pub mod topology;
