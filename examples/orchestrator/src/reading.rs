//! The five stages of an index: walk, read, extract, chunk, index.

use std::{fmt::Display, io, path::PathBuf};

use forebay::{edge::Failed, prelude::*};
use futures_util::{Stream, stream};

use crate::{
    corpus::{self, Chunk, Corpus, Page, PageFile, RawPage},
    search::{IndexError, Indexed, Indexer},
    terminal::Progress,
};

/// Why a page is not in the index.
#[derive(Debug, thiserror::Error)]
#[error("{}: {cause}", path.display())]
pub struct ReadError {
    path: PathBuf,
    cause: io::Error,
}

/// Finds the pages of a corpus.
#[stage]
pub fn walk(corpus: &Corpus, progress: &Progress) -> impl Stream<Item = PageFile> + Send + use<> {
    let files = corpus::files(corpus);
    progress.expect(files.pages.len());
    progress.skip_unreadable(files.unreadable);
    stream::iter(files.pages)
}

/// Reads a page.
#[stage]
pub fn read(file: PageFile) -> Result<RawPage, ReadError> {
    let path = file.full.clone();
    corpus::read_page(file).map_err(|cause| ReadError { path, cause })
}

/// Takes the decoration off a page; a page that only sends the reader elsewhere is dropped.
#[stage]
pub fn extract(raw: RawPage, progress: &Progress) -> Option<Page> {
    progress.page();
    corpus::extract_page(raw)
}

/// Cuts a page into passages.
#[stage]
pub fn chunk(page: Page) -> impl Iterator<Item = Chunk> + Send + 'static {
    corpus::chunks(page)
}

#[stage]
impl Indexer {
    fn process(&mut self, chunk: Chunk) -> Result<Option<Indexed>, IndexError> {
        self.add(chunk)?;
        Ok(None)
    }

    /// The last word: the index is complete.
    fn finish(&mut self) -> Result<Option<Indexed>, IndexError> {
        self.complete().map(Some)
    }
}

/// Says which page is not in the index, and why.
#[stage]
pub fn skipped<In: Send + 'static, E: Display + Send + 'static>(failed: Failed<In, E>, progress: &Progress) {
    progress.skip(&format!("{} (in the stage `{}`)", failed.cause, failed.node));
}
