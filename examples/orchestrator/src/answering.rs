//! A running pipeline, and how it is asked and flooded.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::Result;
use hdrhistogram::Histogram;

use crate::{
    cli::Graph,
    indexing::Indexing,
    letters::DeadLetters,
    model::{Model, SharedModel},
    pipeline::{Orchestrator, OrchestratorHandle},
    records::{Content, DeadLetter, Piece, PromptRequest},
    search::Index,
    terminal::load_report,
};

/// The pipeline that answers, running.
pub struct Answering {
    handle: OrchestratorHandle,
    letters: Arc<DeadLetters>,
    asked: u64,
}

impl Answering {
    /// Starts it over `index` and `model`.
    pub fn start(index: Index, model: SharedModel) -> Result<Answering> {
        let letters = Arc::new(DeadLetters::default());
        let handle = Orchestrator::builder()
            .index(index)
            .model(move |_| Model::new(model.clone()))
            .letters(letters.clone())
            .start()?;
        Ok(Answering {
            handle,
            letters,
            asked: 0,
        })
    }

    /// Asks one question and gives the pieces of its answer to `show` as they come; a letter if there is no answer.
    pub async fn ask(
        &mut self,
        question: &str,
        top: usize,
        mut show: impl FnMut(&Piece) -> std::io::Result<()>,
    ) -> Result<Option<DeadLetter>> {
        let request = self.request(question, top, 0);
        self.handle
            .requests
            .send(request)
            .await
            .map_err(|refused| anyhow::anyhow!("{refused}"))?;
        loop {
            tokio::select! {
                piece = self.handle.pieces.recv() => match piece {
                    Some(piece) => {
                        show(&piece)?;
                        if matches!(piece.content, Content::End { .. }) {
                            return Ok(None);
                        }
                    }
                    None => anyhow::bail!("the pipeline has ended before the answer"),
                },
                () = self.letters.arrived() => {
                    if let Some(letter) = self.letters.take().pop() {
                        return Ok(Some(letter));
                    }
                }
            }
        }
    }

    /// `total` questions from `clients` sessions, each asking again when it was answered. Ends the pipeline; the report and its ledger.
    pub async fn flood(mut self, questions: &[String], total: u64, clients: u64, top: usize) -> Result<(String, String)> {
        let mut micros = Histogram::<u64>::new_with_max(600_000_000, 3)?;
        let (mut sent, mut answered, mut refused, mut failed) = (0, 0, 0, 0);
        let started = Instant::now();
        while sent < total {
            while sent < total && sent < answered + refused + failed + clients {
                let question = &questions[sent as usize % questions.len()];
                let request = self.request(question, top, sent % clients);
                sent += 1;
                if self.handle.requests.try_send(request).is_err() {
                    // Whoever was refused asks again only after somebody was answered.
                    refused += 1;
                    break;
                }
            }
            if let Ok(Some(piece)) = tokio::time::timeout(Duration::from_millis(20), self.handle.pieces.recv()).await {
                answered += count(&piece, &mut micros);
            }
            failed = self.letters.count();
        }
        let OrchestratorHandle {
            requests,
            mut pieces,
            control,
        } = self.handle;
        drop(requests);
        while let Some(piece) = pieces.recv().await {
            answered += count(&piece, &mut micros);
        }
        let took = started.elapsed();
        let ledger = control.finished().await;
        ledger.check()?;
        failed = self.letters.count();
        Ok((load_report(answered, refused, failed, took, &micros), ledger.to_string()))
    }

    /// Ends the pipeline; its ledger as a table.
    pub async fn drain(self) -> Result<String> {
        let OrchestratorHandle {
            requests,
            pieces,
            control,
        } = self.handle;
        drop((requests, pieces));
        let ledger = control.drain().await;
        ledger.check()?;
        Ok(ledger.to_string())
    }

    fn request(&mut self, question: &str, top: usize, session: u64) -> PromptRequest {
        self.asked += 1;
        PromptRequest {
            id: self.asked,
            session,
            question: question.to_owned(),
            top,
            asked: Instant::now(),
        }
    }
}

/// The pipelines as they are declared: both for the terminal, the one that answers for other tools.
pub fn graph(format: Graph) -> String {
    match format {
        Graph::Text => format!("{}\n{}", Orchestrator::TOPOLOGY.to_text(), Indexing::TOPOLOGY.to_text()),
        Graph::Dot => Orchestrator::TOPOLOGY.to_dot(),
        Graph::Mermaid => Orchestrator::TOPOLOGY.to_mermaid(),
    }
}

/// 1 for the end of an answer, whose latency is noted.
fn count(piece: &Piece, micros: &mut Histogram<u64>) -> u64 {
    let Content::End { asked, .. } = &piece.content else {
        return 0;
    };
    micros.saturating_record(asked.elapsed().as_micros() as u64);
    1
}

#[cfg(test)]
mod tests {
    use std::{collections::HashMap, path::Path};

    use super::*;
    use crate::{
        corpus::Corpus,
        indexing,
        model::{EchoWorker, InferError, ModelWorker},
        records::Prompt,
        search::Store,
        terminal::Progress,
    };

    /// Fails on every third prompt, panics on every fifth.
    struct Moody;

    impl ModelWorker for Moody {
        fn name(&self) -> &str {
            "moody"
        }
        async fn complete(&self, prompt: &Prompt) -> Result<String, InferError> {
            assert!(!prompt.id.is_multiple_of(5), "a bad day");
            if prompt.id.is_multiple_of(3) {
                Err(InferError::NothingToSay)
            } else {
                Ok("Yes. [1]".to_owned())
            }
        }
    }

    async fn index() -> Index {
        let corpus = Corpus::find(Some(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/handbook"))).unwrap();
        let cache = tempfile::tempdir().unwrap();
        let store = Store::at(cache.path()).unwrap();
        let (index, manifest, _) = indexing::build(&corpus, &store, 1, Arc::new(Progress::silent()))
            .await
            .unwrap();
        assert_eq!((manifest.pages, index.len()), (4, manifest.passages), "a redirect is no page");
        index
    }

    #[tokio::test]
    async fn a_session_always_meets_the_same_worker_in_order() {
        let mut answering = Answering::start(index().await, Arc::new(EchoWorker)).unwrap();
        let mut turns: HashMap<u64, u64> = HashMap::new();
        for i in 0..60 {
            let request = answering.request("How do I open a gate?", 3, i % 7);
            answering.handle.requests.send(request).await.unwrap();
        }
        let mut left = 60;
        while left > 0 {
            let piece = answering.handle.pieces.recv().await.unwrap();
            if let Content::End { turn, .. } = piece.content {
                let turns = turns.entry(piece.session).or_default();
                *turns += 1;
                assert_eq!(turn, *turns, "session {}", piece.session);
                left -= 1;
            }
        }
        answering.drain().await.unwrap();
    }

    #[tokio::test]
    async fn a_request_that_fails_is_kept_whole_and_the_others_are_answered() {
        let mut answering = Answering::start(index().await, Arc::new(Moody)).unwrap();
        let mut answered = 0;
        for id in 1..=30_u64 {
            match answering.ask("How do I open a gate?", 3, |_| Ok(())).await.unwrap() {
                None => answered += 1,
                Some(letter) => {
                    assert_eq!(
                        (letter.id, letter.node, letter.question.as_str()),
                        (id, "infer", "How do I open a gate?")
                    );
                    let expected = if id.is_multiple_of(5) {
                        "panicked: a bad day"
                    } else {
                        "do not answer this"
                    };
                    assert!(letter.cause.contains(expected), "{}", letter.cause);
                }
            }
        }
        assert_eq!(answered, 16, "30 less 10 thirds less 6 fifths, and 2 that are both");
        answering.drain().await.unwrap();
    }
}
