//! Answers questions from a folder of pages: a five-stage pipeline, and another that builds its index.

pub mod cli;
pub mod corpus;
#[doc(hidden)]
pub mod driver;
pub mod model;
pub mod post;
pub mod records;
pub mod search;
pub mod stages;
pub mod template;
pub mod terminal;
