//! What the README begins with.
include!("../../docs/quick-start.rs");
