//! A model that takes its time, and fails where it is told to: for load, and for what load does to a pipeline.

use std::time::Duration;

use super::{InferError, ModelWorker};
use crate::records::Prompt;

/// What a poison question says when it fails.
pub const POISON: &str = "poison";

/// Says the question again, after a while.
#[derive(Debug, Clone, Copy)]
pub struct SlowWorker {
    /// So long, at least.
    pub delay: Duration,
    /// And up to so much longer. How much follows from the request, so that every run waits the same.
    pub jitter: Duration,
    /// Every so-manieth request is poison: it fails, and every other time by a panic.
    pub poison: Option<u64>,
}

impl Default for SlowWorker {
    fn default() -> SlowWorker {
        SlowWorker {
            delay: Duration::from_millis(1),
            jitter: Duration::from_millis(1),
            poison: None,
        }
    }
}

impl ModelWorker for SlowWorker {
    fn name(&self) -> &str {
        "slow"
    }
    async fn complete(&self, prompt: &Prompt) -> Result<String, InferError> {
        let id = prompt.request.id;
        // The golden ratio spreads what follows each other (Fibonacci hashing).
        let share = id.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
        let jitter = self.jitter.mul_f64(share as f64 / f64::from(u32::MAX));
        let wait = self.delay + jitter;
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
        match self.poison {
            Some(every) if id.is_multiple_of(every) => {
                if (id / every).is_multiple_of(2) {
                    std::panic::panic_any(POISON);
                }
                Err(InferError::Failed(POISON.to_owned()))
            }
            _ => Ok(format!("{} [1]", prompt.question.text)),
        }
    }
}
