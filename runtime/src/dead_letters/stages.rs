//! The stages that users wire.

use core::fmt;

use serde::Serialize;

use super::{DeadLetters, Letter, StoreError};
use crate::edge::Failed;
use crate::stage::Batch;
use forebay_macros::stage;

/// A failure that was stored, and the letter that it became: what [`dead_letter_batch`] gives.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Kept<In, E> {
    /// What is now in the store.
    pub letter: Letter,
    /// What came.
    pub failed: Failed<In, E>,
}

/// Stores what failed: `infer.errors -[128]-> dead_letters(store) { blocking };`.
///
/// The record has finished here when it is on the disk: one fsync each. Where many may fail at once use [`dead_letter_batch`].
///
/// It fails when the store refuses; the declaration says where that goes.
#[stage(crate = crate)]
pub fn dead_letters<In, E>(failed: Failed<In, E>, store: &DeadLetters) -> Result<(), StoreError>
where
    In: Serialize + Send + 'static,
    E: fmt::Display + Send + 'static,
{
    store.keep(&failed).map(drop)
}

/// Stores what has failed by now, with one fsync for all of it:
/// `infer.errors -[128]-> dead_letter_batch(store) { batch: 64, blocking } -> drop;`.
///
/// Each failure goes on with its letter, for whoever wants to hear of it. A batch is stored as a whole, or fails as a whole.
#[stage(crate = crate)]
pub fn dead_letter_batch<In, E>(batch: Batch<Failed<In, E>>, store: &DeadLetters) -> Result<Vec<Kept<In, E>>, StoreError>
where
    In: Serialize + Send + 'static,
    E: fmt::Display + Send + 'static,
{
    let letters = store.keep_all(&batch)?;
    Ok(letters
        .into_iter()
        .zip(batch)
        .map(|(letter, failed)| Kept { letter, failed })
        .collect())
}
