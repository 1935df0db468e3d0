//! What a node does when its stage, or what its stage calls, misbehaves: the options `timeout`, `retry`, `backoff`,
//! `breaker` and `rate`. A rate for each key is a table of buckets (`keys.rs`, `bucket.rs`); the quota of an input is one too.
//!
//! A node that declares one of them goes the polled path, and its call is a loop of [`Tries`] around the stage; every other node is called as
//! if this module were not there. What an option needs of time comes from the runtime, by an [`Alarm`].

mod alarm;
mod batch;
mod breaker;
mod bucket;
mod course;
mod guarded;
mod keys;
mod limits;
mod linger;
mod rate;
mod retry;
mod tries;

pub use alarm::{Alarm, Alarms};
pub use batch::BatchTries;
pub use breaker::Breaker;
pub(crate) use bucket::Bucket;
pub use guarded::{Guarded, Guards};
pub use keys::{Keys, key_in};
pub(crate) use linger::Gathered;
pub use linger::Linger;
pub use rate::Rate;
pub use retry::{Fails, Judge, Lenient, MayFail, Retryable};
pub use tries::Tries;
