//! Pages and the passages that they are cut into.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// A page that the walk has found.
#[derive(Debug, Clone, PartialEq)]
pub struct PageFile {
    /// Where it is.
    pub full: PathBuf,
    /// Its path inside the corpus, with `/` on every system.
    pub path: String,
    /// How much its word counts: 1 for a page like any other.
    pub weight: f32,
}

/// A page as it is on disk.
#[derive(Debug, Clone, PartialEq)]
pub struct RawPage {
    /// Its path inside the corpus.
    pub path: String,
    /// What the file holds.
    pub text: String,
    /// How much its word counts.
    pub weight: f32,
}

/// A page without its decoration.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Its path inside the corpus.
    pub path: String,
    /// What it is about.
    pub title: String,
    /// The book that it is a page of; empty if it stands alone.
    pub book: String,
    /// What it says, in order.
    pub blocks: Vec<Block>,
    /// How much its word counts.
    pub weight: f32,
}

/// A piece of a page. Inline code stands between backticks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Block {
    /// A heading, and where a link to it goes.
    Heading {
        /// 1 to 6.
        level: u8,
        /// What it says; nothing where a part ends without a new one.
        text: String,
        /// The fragment of its address; may be empty.
        anchor: String,
    },
    /// A paragraph.
    Prose(String),
    /// An item of a list, or a row of a table.
    Item(String),
    /// A block of code.
    Code(String),
    /// What stands here is not for everyday use (experimental, deprecated): its word counts less by this factor.
    Caution(f32),
}

impl Block {
    /// What it says.
    pub fn text(&self) -> &str {
        match self {
            Block::Heading { text, .. } | Block::Prose(text) | Block::Item(text) | Block::Code(text) => text,
            Block::Caution(_) => "",
        }
    }
}

/// A passage: what one heading of a page says, or a part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Chunk {
    /// The path of its page inside the corpus.
    pub path: String,
    /// The fragment of its address; may be empty.
    pub anchor: String,
    /// The title of its page.
    pub title: String,
    /// The book of its page; may be empty.
    pub book: String,
    /// The headings above it, the outermost first.
    pub headings: Vec<String>,
    /// It is the first passage of its page.
    pub opens: bool,
    /// It goes on where another passage under the same heading stopped.
    pub continued: bool,
    /// What it says.
    pub blocks: Vec<Block>,
    /// How much its word counts.
    pub weight: f32,
}

impl Chunk {
    /// Its address inside the corpus.
    pub fn address(&self) -> String {
        if self.anchor.is_empty() {
            self.path.clone()
        } else {
            format!("{}#{}", self.path, self.anchor)
        }
    }

    /// Everything that is said, without the code.
    pub fn prose(&self) -> impl Iterator<Item = &str> {
        self.blocks
            .iter()
            .filter(|b| !matches!(b, Block::Code(_) | Block::Caution(_)))
            .map(Block::text)
    }

    /// The code alone.
    pub fn code(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().filter(|b| matches!(b, Block::Code(_))).map(Block::text)
    }
}
