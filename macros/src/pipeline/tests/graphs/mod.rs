//! Declarations, and the graph that each gives.

mod branches;
mod cursors;
mod cycles;
mod nodes;
mod outlets;
