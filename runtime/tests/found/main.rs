//! What generated pipelines (`sim-tests/`) have found, each by itself.
#![allow(missing_docs, unreachable_pub)]

mod last_words;
