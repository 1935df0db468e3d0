//! Models: what turns a prompt into words. One trait, whatever is behind it.

mod echo;
mod extractive;
mod sentences;
mod slow;

use std::{num::NonZeroUsize, pin::Pin, sync::Arc};

pub use echo::EchoWorker;
pub use extractive::ExtractiveModel;
use lru::LruCache;
pub use slow::{POISON, SlowWorker};

use crate::records::{Prompt, SessionId};

/// Why a model gave no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InferError {
    /// It had nothing to say on the passages it was given.
    #[error("the pages that were found do not answer this")]
    NothingToSay,
    /// Something failed on the way to it or in it.
    #[error("the model failed: {0}")]
    Failed(String),
}

/// A model.
///
/// Write one with an `async fn complete`; put it behind [`SharedModel`] to choose among models while the program runs.
pub trait ModelWorker: Send + Sync + 'static {
    /// Its name, as the answer shows it.
    fn name(&self) -> &str;

    /// Answers a prompt: Markdown with citations such as `[1]`.
    fn complete(&self, prompt: &Prompt) -> impl Future<Output = Result<String, InferError>> + Send;
}

/// The same behind a pointer: implemented for every [`ModelWorker`].
pub trait AnyModel: Send + Sync + 'static {
    /// Its name.
    fn name(&self) -> &str;

    /// Answers a prompt.
    fn complete<'a>(&'a self, prompt: &'a Prompt) -> Pin<Box<dyn Future<Output = Result<String, InferError>> + Send + 'a>>;
}

impl<M: ModelWorker> AnyModel for M {
    fn name(&self) -> &str {
        ModelWorker::name(self)
    }
    fn complete<'a>(&'a self, prompt: &'a Prompt) -> Pin<Box<dyn Future<Output = Result<String, InferError>> + Send + 'a>> {
        Box::pin(ModelWorker::complete(self, prompt))
    }
}

/// A model that was chosen while the program runs.
pub type SharedModel = Arc<dyn AnyModel>;

/// What each worker of the pipeline has of its own: a way to the model, and the sessions that it serves.
pub struct Model {
    shared: SharedModel,
    turns: LruCache<SessionId, u64>,
}

impl Model {
    /// So many sessions are remembered; the one that was silent longest is forgotten first.
    const SESSIONS: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

    /// A worker over `shared`.
    pub fn new(shared: SharedModel) -> Model {
        Model {
            shared,
            turns: LruCache::new(Self::SESSIONS),
        }
    }

    /// The name of the model.
    pub fn name(&self) -> &str {
        self.shared.name()
    }

    /// Answers a prompt; the number is how often its session has asked this worker.
    pub async fn complete(&mut self, prompt: &Prompt) -> Result<(String, u64), InferError> {
        let turn = self.turns.get(&prompt.session).copied().unwrap_or_default() + 1;
        self.turns.put(prompt.session, turn);
        Ok((self.shared.complete(prompt).await?, turn))
    }
}
