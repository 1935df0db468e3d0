//! Answers questions from a folder of pages: a five-stage pipeline, and another that builds its index.

pub mod answering;
pub mod checking;
pub mod cli;
pub mod corpus;
pub mod dlq;
pub mod indexing;
pub mod letters;
pub mod load;
pub mod model;

pub mod pipeline;
pub mod reading;
pub mod records;
pub mod search;
pub mod stages;
pub mod template;
pub mod terminal;
