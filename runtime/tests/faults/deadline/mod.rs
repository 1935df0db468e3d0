//! `deadline: 2s`

mod batches;
mod late;
mod travels;
