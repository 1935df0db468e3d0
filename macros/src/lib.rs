//! The procedural macros of forebay. Use them through the `forebay` crate, which re-exports them.
#![forbid(unsafe_code)]

mod diag;
mod graph;
mod names;
mod options;
mod pipeline;
#[cfg(test)]
mod prefixes;
mod priority;
mod record;
mod root;
mod stage;
mod tokens;
mod units;

use proc_macro::TokenStream;

/// Gives the type of a record a name, a version, a key and a priority. The type stays as it is written.
///
/// Options, all of them optional:
///
/// * `name = "prompt.request"`: its name; the type's own otherwise.
/// * `version = 2`: its version, from 1.
/// * `max_size = 256`: a record of more bytes does not compile.
/// * `crate = path`: the path of `forebay`, where it is not `::forebay`.
///
/// `#[key]` marks the field that a ring with `by key` shards on: all records of a key meet the same worker, in order. `#[priority]`
/// marks the one by which a ring with `priority` chooses a lane: a `bool`, or an enum with `#[derive(Priority)]`.
///
/// ```text
/// #[record(name = "prompt.request", version = 2, max_size = 64)]
/// pub struct PromptRequest {
///     #[key]
///     session: u64,
///     prompt: String,
/// }
/// ```
#[proc_macro_attribute]
pub fn record(args: TokenStream, item: TokenStream) -> TokenStream {
    record::record(args.into(), item.into()).into()
}

/// Makes the variants of an enum the levels of a priority, the first one first: 2 to 16, without fields.
///
/// ```text
/// #[derive(Priority)]
/// enum Urgency { Now, Soon, Sometime }
/// ```
///
/// `#[priority(crate = path)]` on the enum says where `forebay` is, where it is not `::forebay`.
#[proc_macro_derive(Priority, attributes(priority))]
pub fn priority(item: TokenStream) -> TokenStream {
    priority::priority(item.into()).into()
}

/// Makes a stage of a function or of an `impl`, which stay what they were.
///
/// The first parameter by value is the record. `&T` is a shared resource, `&mut T` a local one, and `&mut Emit<T>`, last, the
/// way out of records over time. What it returns says the rest:
///
/// | returns | gives |
/// |---|---|
/// | `T` | one record |
/// | `()` | none, ever |
/// | `Option<T>` | one or none: a filter |
/// | `impl Iterator<Item = T>` | any number, lazily |
/// | `impl Stream<Item = T>` | any number, over time; without a record in, it is a source |
/// | `Vec<T>`, for a `Batch` | one for each in the batch, in order |
/// | `Result<_, E>` of any of these | the same, or a failure |
///
/// Sync or `async` each. The methods of an `impl` stage are `process`, or one `#[inlet]` for each way in; `tick`, `finish` and
/// `closed`; and `next` with `held`, for a stage that is pulled. All other methods in the block are its own.
///
/// ```text
/// #[stage]
/// async fn rag(request: PromptRequest, index: &Index) -> Result<Retrieved, RagError> { … }
///
/// #[stage]
/// impl Window {
///     fn process(&mut self, r: Reading) -> Option<Mean> { … }
///     fn tick(&mut self) -> Option<Mean> { … }   // as the node option `tick: 1s` says
///     fn finish(&mut self) -> Option<Mean> { … } // the last word, when its input has ended
/// }
/// ```
///
/// A stage is unit-tested as what it is: a function or a method. Beside a function the macro puts a hidden struct of the same name.
///
/// Options, all of them optional:
///
/// * `runtime = none`: it is `async` and yet needs no runtime.
/// * `crate = path`: the path of `forebay`, where it is not `::forebay`.
#[proc_macro_attribute]
pub fn stage(args: TokenStream, item: TokenStream) -> TokenStream {
    stage::stage(args.into(), item.into()).into()
}

/// The inside of `forebay::pipeline!`, which passes its own path on.
#[doc(hidden)]
#[proc_macro]
pub fn __pipeline(tokens: TokenStream) -> TokenStream {
    pipeline::expand(tokens.into()).into()
}
