//! The index itself, over tantivy: what is written of a passage and how candidates are found.

use std::path::Path;

use tantivy::{
    DocAddress, DocId, Score, Searcher, SegmentReader, TantivyDocument,
    collector::TopDocs,
    query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur, PhraseQuery, Query, TermQuery},
    schema::{FAST, Field, IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions, Value},
};

use super::{
    question::Question,
    rank::{self, Passage},
    words::Words,
};
use crate::corpus::Chunk;

/// Raised when the schema or the terms change: older indexes are then built anew.
pub(super) const FORMAT: u32 = 6;

/// Candidates that the finer ranking looks at, for each passage wanted.
const CANDIDATES: usize = 8;

/// A page that weighs less tells nothing of how common a word is.
const MARGINAL: f32 = 0.2;

/// Why the index failed.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// The search library failed.
    #[error("the index failed: {0}")]
    Search(#[from] tantivy::TantivyError),
    /// A passage could not be read back.
    #[error("the index holds a passage that cannot be read: {0}")]
    Passage(#[from] serde_json::Error),
    /// The folder could not be used.
    #[error("the index cannot be kept: {0}")]
    Folder(#[from] std::io::Error),
    /// A passage came after the end.
    #[error("the index is complete already")]
    Complete,
}

#[derive(Debug, Clone, Copy)]
struct Fields {
    title: Field,
    headings: Field,
    body: Field,
    code: Field,
    weight: Field,
    passage: Field,
}

impl Fields {
    fn declare() -> (Schema, Fields) {
        let mut schema = Schema::builder();
        let text = |record| {
            let indexing = TextFieldIndexing::default().set_tokenizer("words").set_index_option(record);
            TextOptions::default().set_indexing_options(indexing)
        };
        let fields = Fields {
            title: schema.add_text_field("title", text(IndexRecordOption::WithFreqsAndPositions)),
            headings: schema.add_text_field("headings", text(IndexRecordOption::WithFreqsAndPositions)),
            body: schema.add_text_field("body", text(IndexRecordOption::WithFreqsAndPositions)),
            code: schema.add_text_field("code", text(IndexRecordOption::WithFreqs)),
            weight: schema.add_f64_field("weight", FAST),
            passage: schema.add_text_field("passage", STORED),
        };
        (schema.build(), fields)
    }
}

/// Writes an index: a stage that takes passages and whose last word is that the index is complete.
pub struct Indexer {
    /// None once the index is complete.
    writer: Option<tantivy::IndexWriter>,
    fields: Fields,
    counts: Indexed,
}

/// A complete index.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Indexed {
    /// How many pages had something to say.
    pub pages: u64,
    /// How many passages they were cut into.
    pub passages: u64,
}

impl Indexer {
    /// A new index in the empty folder `dir`.
    pub fn create(dir: &Path) -> Result<Indexer, IndexError> {
        const MEMORY: usize = 256 << 20;
        let (schema, fields) = Fields::declare();
        let index = tantivy::Index::create_in_dir(dir, schema)?;
        index.tokenizers().register("words", Words);
        let threads = std::thread::available_parallelism().map_or(1, |n| n.get().min(4));
        let writer = index.writer_with_num_threads(threads, MEMORY)?;
        Ok(Indexer {
            writer: Some(writer),
            fields,
            counts: Indexed::default(),
        })
    }

    /// Adds a passage; waits while the threads of the index are behind.
    pub fn add(&mut self, chunk: Chunk) -> Result<(), IndexError> {
        let Some(writer) = &self.writer else {
            return Err(IndexError::Complete);
        };
        let join = |texts: &mut dyn Iterator<Item = &str>| texts.collect::<Vec<_>>().join("\n");
        let mut document = TantivyDocument::new();
        document.add_text(self.fields.title, &chunk.title);
        // The first part of a page has its title for a heading.
        let headings = if chunk.headings.is_empty() {
            chunk.title.clone()
        } else {
            chunk.headings.join("\n")
        };
        document.add_text(self.fields.headings, headings);
        // Thousands of pages on single instructions of a processor would make common words of rare ones: they are found by code.
        let is_marginal = chunk.weight < MARGINAL;
        document.add_text(
            if is_marginal { self.fields.code } else { self.fields.body },
            join(&mut chunk.prose()),
        );
        document.add_text(self.fields.code, join(&mut chunk.code()));
        document.add_f64(self.fields.weight, f64::from(chunk.weight));
        document.add_text(self.fields.passage, serde_json::to_string(&chunk)?);
        writer.add_document(document)?;
        self.counts.passages += 1;
        self.counts.pages += u64::from(chunk.opens);
        Ok(())
    }

    /// Makes the index complete and lasting.
    pub fn complete(&mut self) -> Result<Indexed, IndexError> {
        let mut writer = self.writer.take().ok_or(IndexError::Complete)?;
        writer.commit()?;
        writer.wait_merging_threads()?;
        Ok(self.counts)
    }
}

/// A complete index, open for questions.
pub struct Index {
    reader: tantivy::IndexReader,
    fields: Fields,
}

impl Index {
    /// Opens the index in `dir`.
    pub fn open(dir: &Path) -> Result<Index, IndexError> {
        let (_, fields) = Fields::declare();
        let index = tantivy::Index::open_in_dir(dir)?;
        index.tokenizers().register("words", Words);
        Ok(Index {
            reader: index
                .reader_builder()
                .reload_policy(tantivy::ReloadPolicy::Manual)
                .try_into()?,
            fields,
        })
    }

    /// How many passages it holds.
    pub fn len(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// It holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Up to `limit` questions on passages from all over the index: for load.
    pub fn questions(&self, limit: usize) -> Result<Vec<String>, IndexError> {
        let searcher = self.reader.searcher();
        let mut found = Vec::new();
        for (segment, reader) in searcher.segment_readers().iter().enumerate() {
            let step = (reader.max_doc() as usize * searcher.segment_readers().len() / limit.max(1)).max(1);
            for doc in reader.doc_ids_alive().step_by(step) {
                let chunk = self.passage(&searcher, DocAddress::new(segment as u32, doc))?;
                let subject = chunk.headings.last().unwrap_or(&chunk.title);
                let question = format!("What is {}?", subject.replace('`', ""));
                if !Question::read(&question).terms.is_empty() {
                    found.push(question);
                }
            }
        }
        Ok(found)
    }

    fn passage(&self, searcher: &Searcher, address: DocAddress) -> Result<Chunk, IndexError> {
        let document: TantivyDocument = searcher.doc(address)?;
        let text = document
            .get_first(self.fields.passage)
            .and_then(|v| v.as_str())
            .unwrap_or_default();
        Ok(serde_json::from_str(text)?)
    }

    /// The passages that speak of `question`, the best first; tells the question how rare its terms are.
    pub fn search(&self, question: &mut Question, limit: usize) -> Result<Vec<Passage>, IndexError> {
        let searcher = self.reader.searcher();
        let all = searcher.num_docs() as f32;
        for term in &mut question.terms {
            let with = searcher.doc_freq(&tantivy::Term::from_field_text(self.fields.body, &term.term))?;
            let in_headings = searcher.doc_freq(&tantivy::Term::from_field_text(self.fields.headings, &term.term))?;
            term.rarity = (1.0 + all / (1.0 + with.max(in_headings) as f32)).ln();
        }
        let Some(query) = self.query(question) else {
            return Ok(Vec::new());
        };
        let by_weight = TopDocs::with_limit(limit * CANDIDATES).tweak_score(|segment: &SegmentReader| {
            let weights = segment
                .fast_fields()
                .f64("weight")
                .map(|column| column.first_or_default_col(1.0))
                .ok();
            move |doc: DocId, score: Score| {
                weights
                    .as_ref()
                    .map_or(score, |w| score * (0.4 + 0.6 * w.get_val(doc) as f32))
            }
        });
        let mut found = Vec::new();
        for (score, address) in searcher.search(&query, &by_weight)? {
            found.push((score, self.passage(&searcher, address)?));
        }
        Ok(rank::rank(question, found, limit))
    }

    /// Any word of the question, in its best field; more for neighbours that stand together.
    fn query(&self, question: &Question) -> Option<BooleanQuery> {
        let fields = [
            (self.fields.title, 1.8),
            (self.fields.headings, 2.0),
            (self.fields.body, 1.0),
            (self.fields.code, 0.4),
        ];
        let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for term in &question.terms {
            let in_fields = fields.iter().map(|(field, boost)| {
                let query = TermQuery::new(
                    tantivy::Term::from_field_text(*field, &term.term),
                    IndexRecordOption::WithFreqs,
                );
                Box::new(BoostQuery::new(
                    Box::new(query),
                    boost * term.weight * question.importance[term.group],
                )) as Box<dyn Query>
            });
            clauses.push((
                Occur::Should,
                Box::new(DisjunctionMaxQuery::with_tie_breaker(in_fields.collect(), 0.35)),
            ));
        }
        for pair in &question.pairs {
            for (field, boost) in [(self.fields.headings, 1.0), (self.fields.body, 0.7)] {
                let terms = pair
                    .iter()
                    .enumerate()
                    .map(|(i, t)| (i, tantivy::Term::from_field_text(field, t)));
                let near = PhraseQuery::new_with_offset_and_slop(terms.collect(), 3);
                clauses.push((Occur::Should, Box::new(BoostQuery::new(Box::new(near), boost))));
            }
        }
        (!clauses.is_empty()).then(|| BooleanQuery::new(clauses))
    }
}
