//! Where failures end: requests that got no answer are kept whole.

use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicU64, Ordering},
};

use forebay::{edge::Failed, prelude::*};
use tokio::sync::Notify;

use crate::{
    model::InferError,
    records::{DeadLetter, Prompt, PromptRequest},
    stages::RagError,
};

/// Requests that got no answer, the latest of them whole.
#[derive(Debug, Default)]
pub struct DeadLetters {
    kept: Mutex<Vec<DeadLetter>>,
    count: AtomicU64,
    arrived: Notify,
}

impl DeadLetters {
    /// So many are kept; all are counted.
    pub const KEPT: usize = 256;

    /// Keeps a letter; the oldest makes room.
    pub fn keep(&self, letter: DeadLetter) {
        let mut kept = self.lock();
        if kept.len() == DeadLetters::KEPT {
            kept.remove(0);
        }
        kept.push(letter);
        self.count.fetch_add(1, Ordering::Relaxed);
        self.arrived.notify_one();
    }

    /// Takes what is kept.
    pub fn take(&self) -> Vec<DeadLetter> {
        std::mem::take(&mut *self.lock())
    }

    /// How many there were, kept or not.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Waits for a letter.
    pub async fn arrived(&self) {
        self.arrived.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, Vec<DeadLetter>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request for which nothing was found.
#[stage]
pub fn unfound(failed: Failed<PromptRequest, RagError>) -> Option<DeadLetter> {
    let PromptRequest {
        id, session, question, ..
    } = failed.record?;
    Some(DeadLetter {
        id,
        session,
        question,
        node: failed.node,
        cause: failed.cause.to_string(),
    })
}

/// A prompt that the model did not complete.
#[stage]
pub fn unanswered(failed: Failed<Prompt, InferError>) -> Option<DeadLetter> {
    let Prompt {
        id, session, question, ..
    } = failed.record?;
    Some(DeadLetter {
        id,
        session,
        question: question.text,
        node: failed.node,
        cause: failed.cause.to_string(),
    })
}

/// Keeps a request that got no answer.
#[stage]
pub fn dead_letters(letter: DeadLetter, letters: &DeadLetters) {
    letters.keep(letter);
}

/// Says what should never happen: a stage that cannot fail has panicked.
#[stage]
pub fn note_failure<In: Send + 'static, E: std::fmt::Display + Send + 'static>(failed: Failed<In, E>) {
    anstream::eprintln!("the stage `{}` failed: {}", failed.node, failed.cause);
}
