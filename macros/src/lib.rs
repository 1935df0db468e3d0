//! The procedural macros of forebay. Use them through the `forebay` crate, which re-exports them.
#![forbid(unsafe_code)]

mod diag;
mod graph;
mod names;
mod options;
mod pipeline;
mod record;
mod root;
mod stage;
mod tokens;
mod units;

use proc_macro::TokenStream;

/// Gives the type of a record a name, a version, a key and a priority. The type stays as it is written.
#[proc_macro_attribute]
pub fn record(args: TokenStream, item: TokenStream) -> TokenStream {
    record::record(args.into(), item.into()).into()
}

/// Makes a stage of a function or of an `impl`, which stay what they were.
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
