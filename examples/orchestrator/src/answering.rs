//! A running pipeline, and how it is asked.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use forebay::{
    AsyncStream, Control,
    dead_letters::{DeadLetters, LetterId, Replay, Select},
    pipeline::ledger::{Ledger, Snapshot},
};

use crate::{
    cli::Graph,
    indexing::Indexing,
    model::{Model, SharedModel},
    pipeline::{Orchestrator, OrchestratorHandle, OrchestratorLedger},
    records::{Content, Notice, Piece, PromptRequest},
    search::Index,
};

/// The pipeline that answers, running.
pub struct Answering {
    handle: OrchestratorHandle,
    asked: u64,
}

impl Answering {
    /// Starts it over `index` and `model`. What gets no answer goes to `letters`.
    pub fn start(index: Index, model: SharedModel, letters: Arc<DeadLetters>) -> Result<Answering> {
        let handle = Orchestrator::builder()
            .index(index)
            .model(move |_| Model::new(model.clone()))
            .letters(letters)
            .start()?;
        Ok(Answering { handle, asked: 0 })
    }

    /// Asks one question and gives the pieces of its answer to `show` as they come; a notice if there is no answer.
    pub async fn ask(
        &mut self,
        question: &str,
        top: usize,
        show: impl FnMut(&Piece) -> std::io::Result<()>,
    ) -> Result<Option<Notice>> {
        self.asked += 1;
        let request = request(self.asked, 0, question, top);
        if let Err(refused) = self.handle.requests.send(request).await {
            bail!("{refused}");
        }
        self.heard(show).await
    }

    /// Asks the question of a letter again, like [`ask`](Self::ask). Answered, the letter is removed.
    pub async fn ask_again(
        &mut self,
        store: &Arc<DeadLetters>,
        letter: LetterId,
        forced: bool,
        show: impl FnMut(&Piece) -> std::io::Result<()>,
    ) -> Result<(Replay, Option<Notice>)> {
        let select = Select::ids([letter]);
        let select = if forced { select.forced() } else { select };
        let (disk, requests) = (store.clone(), self.handle.requests.clone());
        let replay = tokio::task::spawn_blocking(move || disk.replay(&requests, &select)).await??;
        if replay.accepted.is_empty() {
            return Ok((replay, None));
        }
        let notice = self.heard(show).await?;
        if notice.is_none() {
            let disk = store.clone();
            tokio::task::spawn_blocking(move || disk.settle(&[letter])).await??;
        }
        Ok((replay, notice))
    }

    /// Hears what becomes of the one request that was asked.
    async fn heard(&mut self, mut show: impl FnMut(&Piece) -> std::io::Result<()>) -> Result<Option<Notice>> {
        loop {
            tokio::select! {
                biased;
                piece = self.handle.pieces.recv() => {
                    let piece = piece.context("the pipeline has ended before the answer")?;
                    show(&piece)?;
                    if matches!(piece.content, Content::End { .. }) {
                        return Ok(None);
                    }
                }
                Some(notice) = self.handle.notices.recv() => return Ok(Some(notice)),
                () = rest(&self.handle.control) => bail!("nothing has come of it: {}", self.handle.control.ledger()),
            }
        }
    }

    /// Asks without waiting; false when the input refuses it. What comes of it is in the [`outputs`](Self::outputs).
    pub fn try_ask(&self, id: u64, session: u64, question: &str, top: usize) -> bool {
        self.handle.requests.try_send(request(id, session, question, top)).is_ok()
    }

    /// Where answers and notices come out.
    pub fn outputs(&mut self) -> (&mut AsyncStream<Piece, 256>, &mut AsyncStream<Notice, 256>) {
        (&mut self.handle.pieces, &mut self.handle.notices)
    }

    /// Resolves when nothing is left in the pipeline: of what has not come out by then nothing will come. That is so of a request at which a
    /// stage has panicked that should never fail.
    pub fn rest(&self) -> impl Future<Output = ()> + use<> {
        let control = self.handle.control.clone();
        async move { rest(&control).await }
    }

    /// Ends the pipeline; its ledger as a table.
    pub async fn drain(self) -> Result<String> {
        let OrchestratorHandle {
            requests,
            pieces,
            notices,
            control,
        } = self.handle;
        drop((requests, pieces, notices));
        let ledger = control.drain().await;
        ledger.check()?;
        Ok(ledger.to_string())
    }
}

/// So long nothing has moved in a pipeline that is at rest.
const STILL: Duration = Duration::from_millis(100);

async fn rest(control: &Control<OrchestratorLedger>) {
    let mut before: Option<Snapshot> = None;
    loop {
        tokio::time::sleep(STILL).await;
        let now = control.ledger().snapshot().clone();
        let queued: u64 = now.rings.iter().map(|ring| ring.counts.queued).sum();
        let in_work: u64 = now.nodes.iter().map(|node| node.counts.in_work).sum();
        if queued + in_work == 0 && before.as_ref() == Some(&now) {
            return;
        }
        before = Some(now);
    }
}

fn request(id: u64, session: u64, question: &str, top: usize) -> PromptRequest {
    PromptRequest {
        id,
        session,
        question: question.to_owned(),
        top,
        asked: Instant::now(),
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

#[cfg(test)]
pub(crate) mod tests {
    use std::{collections::HashMap, path::Path};

    use forebay::dead_letters::State;

    use super::*;
    use crate::{
        corpus::Corpus,
        dlq::Letters,
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
            assert!(!prompt.request.id.is_multiple_of(5), "a bad day");
            if prompt.request.id.is_multiple_of(3) {
                Err(InferError::NothingToSay)
            } else {
                Ok("Yes. [1]".to_owned())
            }
        }
    }

    pub(crate) fn answering(index: Index, model: impl ModelWorker) -> (Answering, Letters) {
        let letters = Letters::for_this_run().unwrap();
        (
            Answering::start(index, Arc::new(model), letters.store.clone()).unwrap(),
            letters,
        )
    }

    pub(crate) async fn index() -> Index {
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
        let letters = Letters::for_this_run().unwrap();
        let mut answering = Answering::start(index().await, Arc::new(EchoWorker), letters.store.clone()).unwrap();
        let mut turns: HashMap<u64, u64> = HashMap::new();
        for i in 0..60 {
            let request = request(i, i % 7, "How do I open a gate?", 3);
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
    async fn a_session_that_floods_does_not_starve_another() {
        let letters = Letters::for_this_run().unwrap();
        let mut answering = Answering::start(index().await, Arc::new(EchoWorker), letters.store.clone()).unwrap();
        // More at a time would fill the ring for all, on a machine that answers less than the quota in a second.
        const FLOOD: u64 = 400;
        let mut flood = (0..).map(|id| request(id, 1, "How do I open a gate?", 3));
        let (mut flooding, mut refused) = (0, 0_u64);
        // The polite one asks, and asks again when it has heard.
        for id in 0..100 {
            let mut more = true;
            while more && flooding < FLOOD {
                more = answering.handle.requests.try_send(flood.next().unwrap()).is_ok();
                flooding += u64::from(more);
                refused += u64::from(!more);
            }
            let asked = request(id, 2, "How do I open a gate?", 3);
            if let Err(refused) = answering.handle.requests.send(asked).await {
                panic!("question {id} of the polite one: {refused}");
            }
            loop {
                let piece = answering.handle.pieces.recv().await.unwrap();
                match piece.content {
                    Content::End { .. } if piece.session == 2 => break,
                    Content::End { .. } => flooding -= 1,
                    _ => {}
                }
            }
        }
        let control = answering.handle.control.clone();
        answering.drain().await.unwrap();
        let ledger = control.ledger();
        assert!(refused > 0 && ledger.requests.quota > 0);
        assert_eq!(ledger.requests.limit, 0);
    }

    #[tokio::test]
    async fn whoever_waits_for_what_does_not_come_is_told() {
        let (mut answering, _letters) = answering(index().await, EchoWorker);
        // As if a stage had panicked at it that should never fail.
        let error = answering.heard(|_| Ok(())).await.unwrap_err();
        assert!(error.to_string().starts_with("nothing has come of it"), "{error}");
        answering.drain().await.unwrap();
    }

    #[tokio::test]
    async fn a_request_that_fails_is_kept_whole_and_the_others_are_answered() {
        let letters = Letters::for_this_run().unwrap();
        let mut answering = Answering::start(index().await, Arc::new(Moody), letters.store.clone()).unwrap();
        let (mut answered, question) = (0, " How do I open a gate? ");
        for id in 1..=30_u64 {
            match answering.ask(question, 3, |_| Ok(())).await.unwrap() {
                None => answered += 1,
                Some(notice) => {
                    assert_eq!((notice.id, notice.node), (id, "infer"));
                    let expected = if id.is_multiple_of(5) {
                        "panicked: a bad day"
                    } else {
                        "do not answer this"
                    };
                    assert!(notice.cause.contains(expected), "{}", notice.cause);
                    // By the time that one is told, it is on the disk.
                    let request: PromptRequest = letters.store.record(notice.letter.unwrap()).unwrap().unwrap();
                    assert_eq!((request.id, request.top, request.question.as_str()), (id, 3, question));
                }
            }
        }
        assert_eq!(answered, 16, "30 less 10 thirds less 6 fifths, and 2 that are both");
        answering.drain().await.unwrap();
    }

    #[tokio::test]
    async fn a_letter_that_fails_again_is_the_same_letter_until_it_is_set_aside() {
        let Letters { store, .. } = &Letters::for_this_run().unwrap();
        let mut answering = Answering::start(index().await, Arc::new(Moody), store.clone()).unwrap();
        for _ in 0..2 {
            assert!(answering.ask("How do I open a gate?", 3, |_| Ok(())).await.unwrap().is_none());
        }
        let asked = answering.ask("How do I open a gate?", 3, |_| Ok(())).await.unwrap();
        let id = asked.unwrap().letter.unwrap();
        for _ in 0..3 {
            let (replay, notice) = answering.ask_again(store, id, false, |_| Ok(())).await.unwrap();
            assert_eq!((replay.accepted, notice.unwrap().letter), (vec![id], Some(id)));
        }
        let (replay, notice) = answering.ask_again(store, id, false, |_| Ok(())).await.unwrap();
        assert_eq!((replay.aside, notice), (vec![id], None));
        answering.drain().await.unwrap();
        let letter = store.letter(id).unwrap().unwrap();
        assert_eq!((letter.state, letter.returns, letter.attempts), (State::Aside, 3, 4));

        // Another model can answer it.
        let mut answering = Answering::start(index().await, Arc::new(EchoWorker), store.clone()).unwrap();
        let (_, notice) = answering.ask_again(store, id, true, |_| Ok(())).await.unwrap();
        assert_eq!((notice, store.totals().unwrap().records), (None, 0));
        answering.drain().await.unwrap();
    }

    #[tokio::test]
    async fn whoever_asks_is_told_when_the_store_is_full_too() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(DeadLetters::options().records(0).open(folder.path().join("letters")).unwrap());
        let mut answering = Answering::start(index().await, Arc::new(EchoWorker), store).unwrap();
        let notice = answering.ask("quantum chromodynamics", 3, |_| Ok(())).await.unwrap().unwrap();
        assert_eq!((notice.node, notice.letter), ("rag", None));
        assert!(
            notice.cause.contains("no page speaks of this (and it was not kept: "),
            "{}",
            notice.cause
        );
        assert!(notice.cause.contains("is full"), "{}", notice.cause);
        answering.drain().await.unwrap();
    }
}
