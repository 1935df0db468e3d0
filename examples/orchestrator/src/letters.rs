//! Where failures end: a request that got no answer is kept whole, and whoever asked is told.

use forebay::{
    dead_letters::{Kept, StoreError},
    prelude::*,
};

use crate::{
    model::InferError,
    records::{Notice, Prompt, PromptRequest},
    stages::RagError,
};

/// A request for which nothing was found.
#[stage]
pub fn unfound(failed: Failed<PromptRequest, RagError>) -> Failed<PromptRequest, String> {
    failed.map_err(|error| error.to_string())
}

/// A prompt that the model did not complete: what is kept is the request that it was made of.
#[stage]
pub fn unanswered(failed: Failed<Prompt, InferError>) -> Failed<PromptRequest, String> {
    failed.map(|prompt| prompt.request).map_err(|error| error.to_string())
}

/// Tells whoever asked: the request is stored.
#[stage]
pub fn tell(kept: Kept<PromptRequest, String>) -> Option<Notice> {
    let Kept { letter, failed, .. } = kept;
    Some(Notice {
        letter: Some(letter.id),
        ..notice(failed)?
    })
}

/// Tells whoever asked: the store did not take it either.
#[stage]
pub fn unkept(failed: Failed<Batch<Failed<PromptRequest, String>>, StoreError>) -> impl Iterator<Item = Notice> {
    let why = failed.cause.to_string();
    let requests = failed.record.into_iter().flatten().filter_map(notice);
    requests.map(move |notice| Notice {
        cause: format!("{} (and it was not kept: {why})", notice.cause),
        ..notice
    })
}

fn notice(failed: Failed<PromptRequest, String>) -> Option<Notice> {
    Some(Notice {
        id: failed.record?.id,
        node: failed.node,
        cause: failed.cause.to_string(),
        letter: None,
    })
}

/// Says what should never happen: a stage that cannot fail has panicked.
#[stage]
pub fn note_failure<In: Send + 'static, E: std::fmt::Display + Send + 'static>(failed: Failed<In, E>) {
    anstream::eprintln!("the stage `{}` failed: {}", failed.node, failed.cause);
}
