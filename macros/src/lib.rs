//! The procedural macros of forebay. Use them through the `forebay` crate, which re-exports them.
#![forbid(unsafe_code)]

mod diag;
mod graph;
mod names;
mod options;
mod pipeline;
mod root;
mod stage;
mod tokens;
mod units;

use proc_macro::TokenStream;

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
