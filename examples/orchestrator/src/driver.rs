//! The stages called one after the other by hand, until the pipelines call them.

use std::time::Instant;

use anyhow::Result;

use crate::{
    corpus::{self, Corpus},
    model::Model,
    records::{DeadLetter, Piece, PromptRequest},
    search::{Index, Indexer, Manifest, Store},
    stages,
    template::Template,
    terminal::Progress,
};

pub fn index(corpus: &Corpus, store: &Store, fingerprint: u64, progress: &Progress) -> Result<(Index, Manifest)> {
    let started = Instant::now();
    let building = store.build(corpus, fingerprint)?;
    let mut indexer = Indexer::create(building.folder())?;
    let files = corpus::files(corpus);
    progress.expect(files.pages.len());
    progress.skip_unreadable(files.unreadable);
    for file in files.pages {
        let raw = corpus::read_page(file)?;
        progress.page();
        let Some(page) = corpus::extract_page(raw) else { continue };
        for chunk in corpus::chunks(page) {
            indexer.add(chunk)?;
        }
    }
    let indexed = indexer.complete()?;
    progress.clear();
    Ok(building.finish(indexed, started.elapsed())?)
}

pub async fn ask(request: PromptRequest, index: &Index, model: &mut Model) -> Result<Vec<Piece>, DeadLetter> {
    let (id, session, question) = (request.id, request.session, request.question.clone());
    let dead = |node, cause: String| DeadLetter {
        id,
        session,
        question: question.clone(),
        node,
        cause,
    };
    let found = stages::rag(request, index).map_err(|e| dead("rag", e.to_string()))?;
    let prompt = stages::assemble(found, &Template::default());
    let completion = stages::infer(prompt, model).await.map_err(|e| dead("infer", e.to_string()))?;
    Ok(stages::stream(stages::post(completion)).collect())
}
