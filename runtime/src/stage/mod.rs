//! Stages: what turns one record into zero or more.
//!
//! [`macro@crate::stage`] implements these traits for a hidden brace struct beside a function, or for the type of an `impl`.
//! A stage is generic over what it is fed (`Feed`), so that types flow forward through a wire without annotations, and over
//! the resources that it borrows (`R`, a tuple of references), so that a resource of a wrong type is an error at the place
//! where the user names it. An inlet of a join is a stage of the same type under another number (`AT`).
//!
//! ```
//! use forebay::prelude::*;
//!
//! #[derive(Debug, PartialEq)]
//! struct Word(String);
//!
//! #[stage]
//! fn words(line: String, least: &usize) -> impl Iterator<Item = Word> {
//!     let words = line.split_whitespace().filter(|word| word.len() >= *least).map(|word| Word(word.to_owned()));
//!     words.collect::<Vec<_>>().into_iter()
//! }
//!
//! #[derive(Default)]
//! struct Count {
//!     words: u64,
//! }
//!
//! #[stage]
//! impl Count {
//!     fn process(&mut self, _word: Word) {
//!         self.words += 1;
//!     }
//!     fn finish(&mut self) -> u64 {
//!         self.words
//!     }
//! }
//!
//! // Both stay what they were.
//! assert_eq!(words("to be or not".to_owned(), &3).collect::<Vec<_>>(), [Word("not".to_owned())]);
//! let mut count = Count::default();
//! count.process(Word("be".to_owned()));
//! assert_eq!(count.finish(), 1);
//! ```

mod alias;
#[cfg(feature = "alloc")]
mod batch;
#[cfg(feature = "alloc")]
mod emit;
pub(crate) mod path;
mod shape;
mod work;

#[cfg(feature = "alloc")]
use alloc::vec::Vec;
use core::convert::Infallible;

#[cfg(feature = "alloc")]
pub use batch::Batch;
#[cfg(feature = "alloc")]
pub use emit::{Emit, EmitCell};
pub use path::{Awaited, Direct, Path, Polled};
#[doc(hidden)]
pub use shape::Shape;
pub use work::{Done, Work};

/// Constructors of [`Work`], for the code that `#[stage]` writes.
#[doc(hidden)]
pub use work::make;

/// What a stage gives that returns `()`: nothing, ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {}

/// The number under which a stage serves its only way in (inlets of a join have the hash of their name).
pub const PROCESS: u64 = 0;

/// The types of a stage that is fed `Feed` through its inlet `AT`.
#[diagnostic::on_unimplemented(
    message = "stage `{Self}` does not take `{Feed}`",
    label = "takes no such record",
    note = "a function or an `impl` becomes a stage with `#[stage]`; a source begins its wire; a join takes records by its inlets, `node.inlet`"
)]
pub trait Types<Feed, const AT: u64 = 0> {
    /// The record it takes.
    type In: Send + 'static;
    /// The record it gives; [`Nothing`] when it returns `()`.
    type Out: Send + 'static;
    /// How it fails by itself; [`Infallible`] when it cannot.
    type Err: Send + 'static;
    /// What the node keeps for it from record to record (the slot of an `Emit`).
    type Scratch: Default + Send + 'static;
    /// [`Direct`] where it is sync and gives at most one record for each, otherwise [`Polled`].
    type Path: Path;
    /// How it is called.
    #[doc(hidden)]
    const SHAPE: Shape = Shape::one(&[]);
    /// It returns an `Option`: what ends here without a record was filtered.
    const FILTERS: bool = false;
}

/// A stage that takes one type of record, whatever it is fed: a stage function without parameters in its record, or an `impl`.
#[diagnostic::on_unimplemented(
    message = "stage `{Self}` takes more than one type of record, so an arm that leads to it does not say what it forwards",
    label = "takes more than one type",
    note = "lead the arm to a stage of one type, with this one behind it"
)]
pub trait Fixed<const AT: u64 = 0> {
    /// The record it takes.
    type In;
    #[doc(hidden)]
    const OK: bool = true;
}

/// What comes to a node of a pipeline, under one name: so types do not nest along a wire, however long it is.
pub trait Fed {
    /// The record.
    type Record;
}

/// What a stage gives at the node `At`. For most stages the compiler need not ask what the node is fed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a stage",
    label = "not a stage",
    note = "a function or `impl` becomes a stage with `#[stage]`"
)]
pub trait Gives<At, const AT: u64 = 0> {
    /// The record: the `Out` of its [`Types`], which says that it travels.
    type Out;
}

/// That a stage takes `Feed`: the one check of an edge.
#[diagnostic::on_unimplemented(
    message = "stage `{Self}` does not take `{Feed}`",
    label = "this stage takes another record"
)]
pub trait Takes<Feed, const AT: u64 = 0>: Types<Feed, AT, In = Feed> {
    /// The record as the stage takes it.
    #[inline(always)]
    fn take(record: Feed) -> Self::In {
        record
    }
}

/// What one call of a stage without waiting gives.
pub type Given<T, E> = Result<Option<T>, E>;

/// A stage that takes one record at a time and borrows `R`.
///
/// A direct stage is sync and gives at most one record: the dispatcher calls [`now`](Self::now), guarded once a chunk.
/// Every other stage goes through [`start`](Self::start), guarded at each poll.
#[diagnostic::on_unimplemented(
    message = "stage `{Self}` cannot be called here with `{R}`",
    label = "takes other resources, or its records in batches",
    note = "name the resources in parentheses, in the order of the stage's parameters; a stage of `Batch<T>` wants the option `batch: N`"
)]
pub trait Stage<Feed, R, const AT: u64 = 0>: Types<Feed, AT> {
    /// Calls a direct stage.
    fn now(record: Self::In, resources: R, scratch: &mut Self::Scratch) -> Given<Self::Out, Self::Err> {
        let _ = (record, resources, scratch);
        unreachable!("only a direct stage is called directly")
    }

    /// Calls a stage that gives at most one record, now or later, and keeps nothing from call to call.
    fn answer(record: Self::In, resources: R) -> impl Work<Out = Self::Out, Err = Self::Err> + Send {
        make::given(Self::now(record, resources, &mut Self::Scratch::default()))
    }

    /// Calls any stage: what it gives comes out of the [`Work`].
    fn start(record: Self::In, resources: R, scratch: &mut Self::Scratch) -> impl Work<Out = Self::Out, Err = Self::Err> + Send {
        make::given(Self::now(record, resources, scratch))
    }
}

/// A stage that takes its records in batches: `Batch<T>` in, one record out for each in, in order.
#[diagnostic::on_unimplemented(
    message = "stage `{Self}` cannot take batches here with `{R}`",
    label = "takes one record at a time, or other resources",
    note = "a batched stage is written `async fn f(batch: Batch<T>, …) -> Vec<U>`"
)]
#[cfg(feature = "alloc")]
pub trait BatchStage<Feed, R>: Types<Feed> {
    /// Calls the stage with a batch; the answer is as long as the batch, or the whole batch has failed.
    fn start(batch: Batch<Self::In>, resources: R) -> impl Future<Output = Result<Vec<Self::Out>, Self::Err>> + Send;
}

/// A stage that takes no record: it is asked for a stream once, when the pipeline starts.
#[diagnostic::on_unimplemented(
    message = "stage `{Self}` does not begin a wire with the resources `{R}`",
    label = "begins a wire here, as a source does",
    note = "a stage that takes a record has something wired to it",
    note = "a source takes no record, returns `impl Stream<Item = T>`, and names what it borrows in parentheses"
)]
pub trait Source<R> {
    /// It is.
    #[doc(hidden)]
    const OK: bool = true;
    /// The record it gives.
    type Out: Send + 'static;
    /// How it fails when the stream cannot be opened; [`Infallible`] when it cannot.
    type Err: Send + 'static;
    /// Opens the stream.
    fn open(resources: R) -> impl Work<Out = Self::Out, Err = Self::Err> + Send;
}

/// A stage with inlets.
#[diagnostic::on_unimplemented(
    message = "stage `{Self}` has no inlets",
    label = "takes its records by `process`",
    note = "end the wire with the bare name of the node, or give the stage methods with `#[inlet]`"
)]
pub trait Joins {
    /// Has a constant for each inlet, with its name and its number.
    type Inlets;
    #[doc(hidden)]
    const OK: bool = true;
}

/// The life of an `impl` stage beyond `process`. `#[stage]` implements it for every such type.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a stage",
    label = "not a stage",
    note = "the type of a node has an `impl` with `#[stage]` on it, and in it `fn process(&mut self, record: T)` or inlets"
)]
pub trait Life: Send + 'static {
    /// It is.
    #[doc(hidden)]
    const OK: bool = true;
    /// The record that every method gives.
    type Out: Send + 'static;
    /// The failure that every method shares.
    type Err: Send + 'static;
    /// It has a `finish`.
    const FINISHES: bool = false;
    /// It has a `closed`.
    const CLOSES: bool = false;
    /// It has a `next`: it is pulled, asked for a record when downstream has room.
    const PULLED: bool = false;
    /// It has a `tick`.
    const TICKS: bool = false;
    /// The names of its inlets.
    const INLETS: &'static [&'static str] = &[];

    /// The last word, when its input has ended.
    fn finish(&mut self) -> impl Work<Out = Self::Out, Err = Self::Err> + Send {
        make::given(Ok(None))
    }
    /// One of its inlets has ended.
    fn closed(&mut self, inlet: Inlet) -> impl Work<Out = Self::Out, Err = Self::Err> + Send {
        let _ = inlet;
        make::given(Ok(None))
    }
    /// The next record of a pulled stage, if it has one for now.
    fn next(&mut self) -> impl Work<Out = Self::Out, Err = Self::Err> + Send {
        make::given(Ok(None))
    }
    /// How many records a pulled stage holds between `process` and `next`.
    fn held(&self) -> usize {
        0
    }
}

/// An `impl` stage with a `tick`.
#[diagnostic::on_unimplemented(
    message = "stage `{Self}` has no `tick`",
    label = "the option `tick` wants the method",
    note = "add `fn tick(&mut self) -> …` to its `#[stage] impl`"
)]
pub trait Ticks: Life {
    /// It is.
    #[doc(hidden)]
    const OK: bool = true;
    /// Called every so often, as the node option `tick: 1s` says.
    fn tick(&mut self) -> impl Work<Out = Self::Out, Err = Self::Err> + Send;
}

/// A stage that never waits for the runtime: sync, or `#[stage(runtime = none)]`.
#[diagnostic::on_unimplemented(
    message = "stage `{Self}` may need a runtime, so this pipeline has no `start_threads`",
    label = "async",
    note = "start it with `.start()`, on tokio; a stage that waits for nothing of a runtime (no timers, no sockets) says so: `#[stage(runtime = none)]`"
)]
pub trait RuntimeFree {}

/// A stage that waits: it is async, so a `timeout` can end its call.
#[diagnostic::on_unimplemented(
    message = "stage `{Self}` is sync, so a `timeout` cannot end its call",
    label = "sync",
    note = "remove the option, or make the stage `async`"
)]
pub trait Waits {
    /// It is.
    #[doc(hidden)]
    const OK: bool = true;
}

/// A stage that waits, and then gives at most one record: several of its calls can go on at once.
#[diagnostic::on_unimplemented(
    message = "stage `{Self}` cannot have several records in flight",
    label = "sync, or gives more than one record for each",
    note = "`concurrency` is for an `async fn` that gives at most one record for each: one that gives more, and a sync one, has `workers: 4`"
)]
pub trait Answers {
    /// It can.
    #[doc(hidden)]
    const OK: bool = true;
}

/// A stage that does not wait: it is sync, and may hold its thread.
#[diagnostic::on_unimplemented(
    message = "stage `{Self}` is async, so it cannot be `blocking`",
    label = "async",
    note = "remove the option, or make the stage a sync function"
)]
pub trait Blocks {
    /// It is.
    #[doc(hidden)]
    const OK: bool = true;
}

/// A failure that cannot happen by return: the stage gives no `Err`.
#[diagnostic::on_unimplemented(
    message = "this stage can fail with `{Self}`, and its failures go nowhere",
    label = "can fail",
    note = "wire `NODE.errors -[64]-> …;`, or all of them with `errors -[64]-> …;`, or say `errors -> drop;`"
)]
pub trait Never {
    /// It is.
    #[doc(hidden)]
    const OK: bool = true;
}
impl Never for Infallible {}

/// What may end a wire without an end: nothing.
#[diagnostic::on_unimplemented(
    message = "`{Self}` goes nowhere",
    label = "what this stage gives is not wired on",
    note = "wire it on, or end the wire with `-> drop`"
)]
pub trait Ends {
    /// It is.
    #[doc(hidden)]
    const OK: bool = true;
}
impl Ends for Nothing {}

/// One of the inlets of a join, by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Inlet {
    name: &'static str,
}

impl Inlet {
    #[doc(hidden)]
    pub const fn named(name: &'static str) -> Self {
        Inlet { name }
    }

    /// The name of the inlet: that of its method.
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

/// The number of the inlet called `name`: FNV-1a, 64 bits (Fowler, Noll, Vo), never [`PROCESS`].
pub const fn inlet(name: &str) -> u64 {
    let bytes = name.as_bytes();
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut i = 0;
    while i < bytes.len() {
        hash = (hash ^ bytes[i] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        i += 1;
    }
    if hash == PROCESS { 1 } else { hash }
}
