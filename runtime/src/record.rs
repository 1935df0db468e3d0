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
//!     urgent: bool,
//!     prompt: String,
//! }
//!
//! let request = PromptRequest { session: 7, urgent: true, prompt: "why?".to_owned() };
//! assert_eq!((PromptRequest::NAME, PromptRequest::VERSION), ("prompt.request", 2));
//! assert_eq!(request.key(), &7);
//! ```

mod priority;

use core::hash::Hash;
use std::time::Instant;

use crate::rt::Clock;
use crate::text::Text;

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
    /// When the record came into the pipeline, if that is known.
    fn entered(&self) -> Option<Instant> {
        None
    }
    /// The same with another time of entry.
    fn with_entered(self, entered: Option<Instant>) -> Self {
        let _ = entered;
        self
    }
    /// What of this travels on over an edge whose meta is `N`.
    fn carry<N: Meta>(self) -> N {
        N::default().with_attempts(self.attempts()).with_entered(self.entered())
    }
}

/// A meta that a record gets where it comes into the pipeline: at an input, or from a source.
pub trait Entry: Meta {
    /// What it is made with.
    type Clock: Clone + Send + Sync + 'static;
    /// That of a record which comes in now.
    fn enter(clock: &Self::Clock) -> Self;
}

/// Nothing is looked at.
impl Entry for () {
    type Clock = ();
    fn enter((): &()) {}
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

/// The time of entry travels, for a `deadline` further on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Entered(pub Option<Instant>);

impl Meta for Entered {
    fn entered(&self) -> Option<Instant> {
        self.0
    }
    fn with_entered(self, entered: Option<Instant>) -> Self {
        Entered(entered)
    }
}

impl Entry for Entered {
    type Clock = Clock;
    fn enter(clock: &Clock) -> Self {
        Entered(Some(clock.now()))
    }
}

/// Both travel.
impl<A: Meta, B: Meta> Meta for (A, B) {
    fn attempts(&self) -> u32 {
        self.0.attempts().max(self.1.attempts())
    }
    fn with_attempts(self, attempts: u32) -> Self {
        (self.0.with_attempts(attempts), self.1.with_attempts(attempts))
    }
    fn entered(&self) -> Option<Instant> {
        self.0.entered().or(self.1.entered())
    }
    fn with_entered(self, entered: Option<Instant>) -> Self {
        (self.0.with_entered(entered), self.1.with_entered(entered))
    }
}

/// What comes in where failed tries travel too has not failed yet.
impl<A: Meta, B: Entry> Entry for (A, B) {
    type Clock = B::Clock;
    fn enter(clock: &B::Clock) -> Self {
        (A::default(), B::enter(clock))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_edges_know_of_travels() {
        let now = Instant::now();
        let both = (Attempts(3), Entered(Some(now)));
        assert_eq!(both.carry::<(Attempts, Entered)>(), both);
        assert_eq!(
            (both.carry::<Attempts>(), both.carry::<Entered>()),
            (Attempts(3), Entered(Some(now)))
        );
        assert_eq!(Attempts(2).carry::<(Attempts, Entered)>(), (Attempts(2), Entered(None)));
        both.carry::<()>();
        assert_eq!(().carry::<Entered>(), Entered(None));
        assert_eq!(size_of::<Env<u64, ()>>(), size_of::<u64>());
    }
}
