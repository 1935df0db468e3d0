//! Bounded, statically wired pipelines that the compiler checks before they run, without an allocation for each record.
//!
//! * [`#[stage]`](macro@stage) makes a stage of a function, or of an `impl` with state. Both stay what they were.
//! * [`pipeline!`] declares how stages are wired, with which rings between them, and what happens to failures.
//! * [`#[record]`](macro@record) gives a record a name, a version and a key. Plain types flow without it.
//!
//! ```
//! use forebay::prelude::*;
//!
//! #[derive(Debug)]
//! pub struct Malformed;
//!
//! #[stage]
//! fn parse(line: String) -> Result<i64, Malformed> {
//!     line.trim().parse().map_err(|_| Malformed)
//! }
//!
//! #[derive(Default)]
//! pub struct Sum(i64);
//!
//! #[stage]
//! impl Sum {
//!     fn process(&mut self, n: i64) {
//!         self.0 += n;
//!     }
//!     fn finish(&mut self) -> i64 {
//!         self.0
//!     }
//! }
//!
//! #[stage]
//! fn complain(failed: Failed<String, Malformed>) {
//!     eprintln!("not a number: {:?}", failed.record);
//! }
//!
//! pipeline! {
//!     /// Adds numbers.
//!     Adder {
//!         input  lines: String [64];
//!         output total: i64 [1];
//!         node   sum: Sum = Sum::default();
//!
//!         lines -> parse -[256]-> sum -> total;
//!         parse.errors -[16]-> complain;
//!     }
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), forebay::Error> {
//!     let AdderHandle { lines, mut total, control } = Adder::builder().start()?;
//!     for line in ["1", "two", "3"] {
//!         lines.send(line.to_owned()).await?;
//!     }
//!     drop(lines); // the last clone of an input ends it
//!     assert_eq!(total.recv().await, Some(4));
//!
//!     let ledger = control.finished().await;
//!     ledger.check()?; // every record is accounted for
//!     assert_eq!((ledger.parse.taken, ledger.parse.failed), (3, 1));
//!     Ok(())
//! }
//! ```
//!
//! What a program holds of a running pipeline is a handle with an [`Input`] or an [`AsyncStream`] for each port, and a [`Control`].
//! Stages name [`Emit`], [`Batch`], [`Failed`], [`Shed`], [`Lagged`], [`Tick`] and [`Inlet`]. All of these are in the [`prelude`].
//!
//! `start()` runs the tasks on the tokio runtime around it: the example has `tokio` with the features `macros` and `rt-multi-thread` beside
//! `forebay`. `start_threads()` needs no runtime, and the ports have `send_blocking` and `recv_blocking`.
//!
//! The repository has the reference of the language in `docs/language.md`, and what a pipeline promises in `docs/laws.md`. Of the modules
//! here, [`ring`] is of use by itself, and [`mod@record`], [`pipeline::ledger`] and [`rt`] have traits that programs may want; the others are what
//! generated code is made of, and for reading.
//!
//! With `panic = "abort"` a panic in a stage ends the process; otherwise it costs the one record that the stage worked on.
//!
//! # Features
//!
//! | feature | |
//! |---|---|
//! | `std` (default) | pipelines, and all that they need. Without it the crate is `#![no_std]` and has [`mod@record`], [`mod@stage`] and [`ring`] |
//! | `alloc` | without `std`: rings on the heap, [`Batch`], [`Emit`]. Rings in a `static` need no allocator |
//! | `critical-section` | without `std`: the rings' lists of sleepers are guarded by a critical section, for who uses them in interrupt handlers |
//! | `pin` | the node option `pin: cores`, on Linux |
//! | `dead-letters` | `forebay::dead_letters`, a store for failed records, on disk |
//! | `testing` | `forebay::testing`: faults by the name of a node, and a runtime that a seed repeats |
//!
//! `docs/rings.md` in the repository says what is different without `std`.

#![cfg_attr(not(feature = "std"), no_std)]
// This page speaks of what only `std` has.
#![cfg_attr(not(feature = "std"), allow(rustdoc::broken_intra_doc_links))]

#[cfg(feature = "alloc")]
extern crate alloc;

#[cfg(feature = "dead-letters")]
pub mod dead_letters;
#[cfg(feature = "std")]
pub mod edge;
#[cfg(feature = "std")]
mod error;
#[cfg(feature = "std")]
pub mod fault;
#[cfg(feature = "std")]
mod input;
#[cfg(feature = "std")]
pub mod pipeline;
#[cfg(feature = "std")]
#[doc(hidden)]
pub mod private;
pub mod record;
pub mod ring;
#[cfg(feature = "std")]
pub mod rt;
#[cfg(feature = "std")]
pub mod segment;
pub mod stage;
#[cfg(feature = "std")]
mod stream;
#[cfg(feature = "std")]
mod subscription;
#[cfg(feature = "std")]
mod task;
#[cfg(feature = "testing")]
pub mod testing;
#[doc(hidden)]
pub mod text;
#[cfg(feature = "std")]
mod watch;

pub use forebay_macros::{Priority, record, stage};
pub use stage::Inlet;
#[cfg(feature = "alloc")]
pub use stage::{Batch, Emit};
#[cfg(feature = "std")]
pub use {
    edge::{Cause, Failed, Lagged, Reason, Shed},
    error::{Error, SendError, StartError},
    fault::Retryable,
    input::{Input, Reserve, Send, SendAll, Slot, Waiting},
    pipeline::{Control, JoinError, JoinReason},
    segment::{Tick, WorkerId},
    stream::{AsyncStream, Recv, TryRecvError},
    subscription::{RecvNext, Subscription},
    task::{AsyncTask, Completion},
    watch::{RecvNewest, Watch},
};

/// What a program with stages and pipelines names.
pub mod prelude {
    #[cfg(feature = "std")]
    pub use crate::{
        AsyncStream, Cause, Control, Failed, Input, Lagged, Reason, Retryable, SendError, Shed, Subscription, Tick, Watch,
        WorkerId,
        pipeline::{Pipeline, ledger::Ledger},
    };
    #[cfg(feature = "alloc")]
    pub use crate::{Batch, Emit};
    pub use crate::{Inlet, Priority, pipeline, record, stage};
}

/// Declares a pipeline: ports, resources, nodes, and the wires between them.
///
/// ```
/// use forebay::prelude::*;
///
/// #[stage]
/// fn double(n: u64) -> u64 {
///     n * 2
/// }
///
/// pipeline! {
///     /// Doubles numbers.
///     pub Doubler {
///         budget 64KiB; // all rings together; more does not compile
///         drain  5s;    // the deadline of a shutdown
///
///         input  numbers: u64 [64];
///         output doubled: u64 [64];
///
///         numbers -> double -[16]-> double_b { workers: 2 } -> doubled;
///         node double_b = double;
///     }
/// }
///
/// let mut running = Doubler::builder().start_threads()?;
/// running.numbers.send_blocking(1)?;
/// assert_eq!(running.doubled.recv_blocking(), Some(4));
/// running.control.drain_blocking().check()?;
/// # Ok::<(), forebay::Error>(())
/// ```
///
/// For a pipeline `NAME` it makes:
///
/// | type | what |
/// |---|---|
/// | `NAME` | `NAME::builder()`, and the `const` `NAME::TOPOLOGY`; its docs show the picture |
/// | `NAMEBuilder` | one method a resource, `on_end`, `start()` (on tokio), `start_threads()` (without a runtime) and `start_on(rt)` (on any) |
/// | `NAMEHandle` | a field for each input ([`Input`]) and output ([`AsyncStream`], [`Subscription`], [`Watch`]), and `control` ([`Control`]) |
/// | `NAMELedger` | a field of counts for each port and node, `check()`, and a table as its `Display` |
///
/// | clause | |
/// |---|---|
/// | `budget 8MiB;` `drain 5s;` | limits |
/// | `input`, `output`, `topic` `NAME: T [512];` | ports: a ring with a name |
/// | `topic NAME: T [broadcast 1024];` `[latest = expr]` `[mailbox]` | every reader sees every record, or the newest; one slot |
/// | `shared`, `local` `NAME: T;` or `… = expr;` | resources: one for all (`&T`), or one for each worker (`&mut T`) |
/// | `node NAME = stage;` `node NAME: Type;` or `… = expr;` | another node of a function; a node of an `impl` stage |
/// | `a -> b(resource) { workers: 4 } -[512, by key]-> c;` | a wire: `->` calls directly, `-[512]->` goes through a ring |
/// | `a -> { b, -[8]-> c };` `a -> match { P(x) => x -> b, _ => drop };` | a clone to each; one of several |
/// | `a.errors -[64]-> b;` `errors -> drop;` `a.shed -[64]-> b;` `a.lagged -[64]-> b;` | where failures, what a full ring refused, and what a reader has missed go |
/// | `every 30s -> a;` | a clock |
///
/// The whole reference is `docs/language.md` in the repository.
#[cfg(feature = "std")]
#[macro_export]
macro_rules! pipeline {
    ($($declaration:tt)*) => {
        $crate::__pipeline! { @ $crate ; $($declaration)* }
    };
}

#[cfg(feature = "std")]
#[doc(hidden)]
pub use forebay_macros::__pipeline;

/// Pipelines need the feature `std`, and say so. Records, stages and rings do without.
#[cfg(not(feature = "std"))]
#[macro_export]
macro_rules! pipeline {
    ($($declaration:tt)*) => {
        ::core::compile_error!(
            "a pipeline needs the feature `std` of `forebay`: leave out `default-features = false`, or write `features = [\"std\"]` beside it (without `std` there are `record`, `stage` and `ring`)"
        );
    };
}

/// What generated code says of stages that only who has an allocator can write.
#[cfg(feature = "alloc")]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_alloc {
    ($($items:tt)*) => { $($items)* };
}

/// There is none.
#[cfg(not(feature = "alloc"))]
#[doc(hidden)]
#[macro_export]
macro_rules! __with_alloc {
    ($($items:tt)*) => {};
}

// What the documents of the repository show compiles and runs: `cargo test -p forebay --doc`.
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../../docs/language.md")]
struct Language;
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../../docs/rings.md")]
struct Rings;
#[cfg(all(doctest, feature = "std"))]
#[doc = include_str!("../../README.md")]
struct Readme;
