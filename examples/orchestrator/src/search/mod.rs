//! The full-text index: how text becomes terms, how passages are found and ranked, where the index is kept.

mod index;
mod question;
mod rank;
mod store;
mod vocabulary;
mod words;

pub use index::{Index, IndexError, Indexed, Indexer};
pub use question::{Intent, Question, Term};
pub use rank::{Passage, said, said_in};
pub use store::{Building, Manifest, Store};
pub use words::{Word, words};
