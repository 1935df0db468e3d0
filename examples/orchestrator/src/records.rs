//! What flows through the pipeline that answers.

use std::time::Instant;

use forebay::{dead_letters::LetterId, prelude::*};
use serde::{Deserialize, Serialize};

use crate::{
    corpus::Chunk,
    search::{Passage, Question},
};

/// Who asks: all requests of a session meet the same worker, in order.
pub type SessionId = u64;

/// A question as it comes in: what is stored when it gets no answer, and what can be asked again.
#[record]
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PromptRequest {
    /// Tells requests apart.
    pub id: u64,
    /// Who asks.
    #[key]
    pub session: SessionId,
    /// What is asked.
    pub question: String,
    /// How many passages the answer may draw on.
    pub top: usize,
    /// When it was asked.
    #[serde(skip, default = "Instant::now")]
    pub asked: Instant,
}

/// A question and what was found for it.
#[derive(Debug, Clone)]
pub struct Retrieved {
    /// The request.
    pub request: PromptRequest,
    /// The question, read.
    pub question: Question,
    /// What was found, the best first.
    pub passages: Vec<Passage>,
}

/// What a model is asked.
#[record]
#[derive(Debug, Clone)]
pub struct Prompt {
    /// Who asks: what the ring before the model shards on.
    #[key]
    pub session: SessionId,
    /// The request that it comes from.
    pub request: PromptRequest,
    /// The whole text for a model of language: instructions, numbered passages, question.
    pub text: String,
    /// The question, read: for a model that does not read text.
    pub question: Question,
    /// The numbered passages: `[1]` is the first.
    pub passages: Vec<Passage>,
}

/// What a model said.
#[derive(Debug, Clone)]
pub struct Completion {
    /// The request that it answers.
    pub id: u64,
    /// Who asked.
    pub session: SessionId,
    /// When it was asked.
    pub asked: Instant,
    /// The name of the model.
    pub model: String,
    /// The how-manieth of its session this is, from 1.
    pub turn: u64,
    /// Markdown: paragraphs with citations such as `[1]`, and fenced code.
    pub text: String,
    /// What the citations mean.
    pub passages: Vec<Passage>,
}

/// An answer, checked: every citation has its source and every source is cited.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The request that it answers.
    pub id: u64,
    /// Who asked.
    pub session: SessionId,
    /// When it was asked.
    pub asked: Instant,
    /// The name of the model.
    pub model: String,
    /// The how-manieth of its session this is, from 1.
    pub turn: u64,
    /// What it says.
    pub parts: Vec<Part>,
    /// Where that comes from, in the order of the numbers.
    pub sources: Vec<Source>,
}

/// A paragraph or a block of code.
#[derive(Debug, Clone, PartialEq)]
pub enum Part {
    /// A paragraph; inline code between backticks, citations in brackets.
    Text(String),
    /// A block of code.
    Code(String),
}

/// Where something was said.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    /// The title of the page.
    pub title: String,
    /// The book of the page; may be empty.
    pub book: String,
    /// The headings, the outermost first.
    pub headings: Vec<String>,
    /// The address inside the corpus.
    pub address: String,
}

impl From<&Chunk> for Source {
    fn from(chunk: &Chunk) -> Source {
        let (title, book) = (chunk.title.clone(), chunk.book.clone());
        Source {
            title,
            book,
            headings: chunk.headings.clone(),
            address: chunk.address(),
        }
    }
}

/// A piece of an answer on its way to the reader.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// The request that it answers.
    pub id: u64,
    /// Who asked.
    pub session: SessionId,
    /// What it brings.
    pub content: Content,
}

/// What a piece brings.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// A paragraph or a block of code.
    Part(Part),
    /// The sources of the whole answer.
    Sources(Vec<Source>),
    /// The answer ends.
    End {
        /// The name of the model.
        model: String,
        /// The how-manieth of its session this was, from 1.
        turn: u64,
        /// When it was asked.
        asked: Instant,
    },
}

/// Tells whoever asked that there is no answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Notice {
    /// The request.
    pub id: u64,
    /// The stage that failed.
    pub node: &'static str,
    /// Why.
    pub cause: String,
    /// Where the request is kept; nowhere, if the store did not take it.
    pub letter: Option<LetterId>,
}
