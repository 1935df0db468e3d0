//! Records and the envelope in which they travel.
//!
//! ```
//! use forebay::record::{Keyed, Record};
//!
//! #[forebay::record(name = "prompt.request", version = 2, max_size = 64)]
//! struct PromptRequest {
//!     #[key]
//!     session: u64,
//!     #[priority]
//!     urgency: u8,
//!     prompt: String,
//! }
//!
//! let request = PromptRequest { session: 7, urgency: 1, prompt: "why?".to_owned() };
//! assert_eq!((PromptRequest::NAME, PromptRequest::VERSION), ("prompt.request", 2));
//! assert_eq!(request.key(), &7);
//! ```

use core::hash::Hash;

use crate::text::Text;

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

/// A record with a `#[priority]`: what `priority` lanes read.
pub trait Prioritized {
    /// The type of the priority.
    type Priority;
    /// The priority.
    fn priority(&self) -> &Self::Priority;
}

/// A record and what travels with it.
///
/// The macro chooses `M` for each edge; it is zero-sized unless something on the way needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Env<T, M = ()> {
    /// The record.
    pub record: T,
    /// What travels with it.
    pub meta: M,
}

impl<T, M: Meta> Env<T, M> {
    /// A record that starts its way: a tick, a last word, what a source gives.
    pub fn new(record: T) -> Self {
        Env {
            record,
            meta: M::default(),
        }
    }
}

/// What travels with a record: moved 1 -> 1, cloned at 1 -> N.
pub trait Meta: Clone + Default + Send + Sync + 'static {
    /// Failed tries so far, over every node that this record met.
    fn attempts(&self) -> u32 {
        0
    }
    /// The same with another count of failed tries.
    fn with_attempts(self, attempts: u32) -> Self {
        let _ = attempts;
        self
    }
    /// What of this travels on over an edge whose meta is `N`.
    fn carry<N: Meta>(self) -> N {
        N::default().with_attempts(self.attempts())
    }
}

/// Nothing travels.
impl Meta for () {}

/// The failed tries so far travel, so that a retry made of wires counts on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Attempts(pub u32);

impl Meta for Attempts {
    fn attempts(&self) -> u32 {
        self.0
    }
    fn with_attempts(self, attempts: u32) -> Self {
        Attempts(attempts)
    }
}
