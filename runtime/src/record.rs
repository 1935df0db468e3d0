//! Records: what `#[record]` says of a type; and the envelope in which they travel through a pipeline.
//!
//! ```
//! use forebay::record::{Keyed, Record};
//!
//! #[forebay::record(name = "prompt.request", version = 2, max_size = 64)]
//! struct PromptRequest {
//!     #[key]
//!     session: u64,
//!     #[priority]
//!     urgent: bool,
//!     prompt: String,
//! }
//!
//! let request = PromptRequest { session: 7, urgent: true, prompt: "why?".to_owned() };
//! assert_eq!((PromptRequest::NAME, PromptRequest::VERSION), ("prompt.request", 2));
//! assert_eq!(request.key(), &7);
//! ```

#[cfg(feature = "std")]
mod env;
mod priority;

use core::hash::Hash;

use crate::text::Text;

#[cfg(feature = "std")]
pub use env::{Attempts, Entered, Entry, Env, Meta};
pub use priority::Priority;

/// What `#[record]` says of a type.
pub trait Record: Send + 'static {
    /// Its name: the type's own, or `#[record(name = "…")]`.
    const NAME: &'static str;
    /// Its version, from 1.
    const VERSION: u32;
}

/// Refuses a record that is larger than its `max_size`.
///
/// ```compile_fail,E0080
/// #[forebay::record(max_size = 7)]
/// struct Large(u64);
/// ```
#[doc(hidden)]
#[track_caller]
pub const fn fits(name: &str, size: usize, max: usize) {
    if size > max {
        let text = Text::new()
            .str("record `")
            .str(name)
            .str("` has ")
            .number(size as u64)
            .str(" bytes, and its `max_size` is ");
        let text = text.number(max as u64).str(": raise it, or put what is large into a `Box`");
        panic!("{}", text.as_str());
    }
}

/// A record with a `#[key]`: what `by key` shards on.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no key",
    label = "`by key` wants a record with a `#[key]` field",
    note = "mark a field of a `#[record]` with `#[key]`, or shard `by FIELD`"
)]
pub trait Keyed {
    /// The type of the key.
    type Key: Hash + Eq;
    /// The key.
    fn key(&self) -> &Self::Key;
}

/// A record with a `#[priority]`: what the lanes of a ring with `priority` are chosen by.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no priority",
    label = "`priority` wants a record with a `#[priority]` field",
    note = "mark a field of a `#[record]` with `#[priority]`: a `bool`, or an enum with `#[derive(Priority)]`"
)]
pub trait Prioritized {
    /// The type of the priority.
    type Priority;
    /// The priority.
    fn priority(&self) -> &Self::Priority;
}
