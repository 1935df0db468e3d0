//! The pipeline that builds an index.

use std::{sync::Arc, time::Instant};

use anyhow::{Context, Result};
use forebay::prelude::*;

use crate::{
    corpus::Corpus,
    reading::{chunk, extract, read, skipped, walk},
    search::{Index, Indexed, Indexer, Manifest, Store},
    terminal::Progress,
};

pipeline! {
    /// Builds an index: finds the pages of a corpus, reads them, takes their decoration off, cuts them into passages.
    pub Indexing {
        budget 1MiB;

        output complete: Indexed [1];

        shared corpus:   Corpus;
        shared progress: Progress;
        node   index:    Indexer { blocking };

        walk(corpus, progress) -[256]-> read { blocking } -[64]-> extract(progress) { workers: 2 } -> chunk -[256]-> index -> complete;
        errors -[64]-> skipped(progress);
    }
}

/// Builds the index of `corpus` and puts it in its place; the table is the ledger of the pipeline.
pub async fn build(
    corpus: &Corpus,
    store: &Store,
    fingerprint: u64,
    progress: Arc<Progress>,
) -> Result<(Index, Manifest, String)> {
    let started = Instant::now();
    let building = store.build(corpus, fingerprint)?;
    let folder = building.folder().to_owned();
    let IndexingHandle { mut complete, control } = Indexing::builder()
        .corpus(corpus.clone())
        .progress(progress.clone())
        .try_index(move |_| Indexer::create(&folder))
        .start()?;
    let indexed = complete.recv().await;
    let ledger = control.finished().await;
    progress.clear();
    let indexed = indexed.context("the index was not completed: the lines above say why")?;
    let (index, manifest) = building.finish(indexed, started.elapsed())?;
    Ok((index, manifest, ledger.to_string()))
}
