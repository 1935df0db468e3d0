//! What users have today. Each module builds the same line of five stages its own way.

pub(crate) mod direct;
pub(crate) mod kanal;
pub(crate) mod tokio;
