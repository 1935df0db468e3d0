//! A model that says the question again: for load, where the pipeline is to be measured and not a model.

use super::{InferError, ModelWorker};
use crate::records::Prompt;

/// Says the question again and cites the best passage.
#[derive(Debug, Clone, Copy, Default)]
pub struct EchoWorker;

impl ModelWorker for EchoWorker {
    fn name(&self) -> &str {
        "echo"
    }
    async fn complete(&self, prompt: &Prompt) -> Result<String, InferError> {
        Ok(format!("{} [1]", prompt.question.text))
    }
}
