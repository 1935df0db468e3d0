//! The stages called one after the other by hand, until the pipelines call them.

use std::{sync::Arc, time::Instant};

use anyhow::Result;
use hdrhistogram::Histogram;

use crate::{
    cli::Graph,
    corpus::{self, Corpus},
    model::{Model, SharedModel},
    records::{DeadLetter, Piece, PromptRequest},
    search::{Index, Indexer, Manifest, Store},
    stages,
    template::Template,
    terminal::{Progress, load_report},
};

pub async fn build(
    corpus: &Corpus,
    store: &Store,
    fingerprint: u64,
    progress: Arc<Progress>,
) -> Result<(Index, Manifest, String)> {
    let started = Instant::now();
    let building = store.build(corpus, fingerprint)?;
    let mut indexer = Indexer::create(building.folder())?;
    let files = corpus::files(corpus);
    progress.expect(files.pages.len());
    progress.skip_unreadable(files.unreadable);
    for file in files.pages {
        let Ok(raw) = corpus::read_page(file) else { continue };
        progress.page();
        for chunk in corpus::extract_page(raw).into_iter().flat_map(corpus::chunks) {
            indexer.add(chunk)?;
        }
    }
    let indexed = indexer.complete()?;
    progress.clear();
    let (index, manifest) = building.finish(indexed, started.elapsed())?;
    Ok((index, manifest, String::new()))
}

pub struct Answering {
    index: Index,
    model: Model,
}

impl Answering {
    pub fn start(index: Index, model: SharedModel) -> Result<Answering> {
        Ok(Answering {
            index,
            model: Model::new(model),
        })
    }

    pub async fn ask(
        &mut self,
        question: &str,
        top: usize,
        mut show: impl FnMut(&Piece) -> std::io::Result<()>,
    ) -> Result<Option<DeadLetter>> {
        let request = PromptRequest {
            id: 1,
            session: 0,
            question: question.to_owned(),
            top,
            asked: Instant::now(),
        };
        let dead = |node, cause: String| DeadLetter {
            id: 1,
            session: 0,
            question: question.to_owned(),
            node,
            cause,
        };
        let found = match stages::rag(request, &self.index) {
            Ok(found) => found,
            Err(error) => return Ok(Some(dead("rag", error.to_string()))),
        };
        match stages::infer(stages::assemble(found, &Template::default()), &mut self.model).await {
            Ok(completion) => stages::stream(stages::post(completion)).try_for_each(|piece| show(&piece))?,
            Err(error) => return Ok(Some(dead("infer", error.to_string()))),
        }
        Ok(None)
    }

    pub async fn flood(mut self, questions: &[String], total: u64, _clients: u64, top: usize) -> Result<(String, String)> {
        let mut micros = Histogram::<u64>::new_with_max(600_000_000, 3)?;
        let (started, mut failed) = (Instant::now(), 0);
        for i in 0..total {
            let asked = Instant::now();
            failed += u64::from(
                self.ask(&questions[i as usize % questions.len()], top, |_| Ok(()))
                    .await?
                    .is_some(),
            );
            micros.saturating_record(asked.elapsed().as_micros() as u64);
        }
        Ok((
            load_report(total - failed, 0, failed, started.elapsed(), &micros),
            String::new(),
        ))
    }

    pub async fn drain(self) -> Result<String> {
        Ok(String::new())
    }
}

pub fn graph(_: Graph) -> String {
    String::new()
}
