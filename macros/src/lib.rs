//! The procedural macros of forebay. Use them through the `forebay` crate, which re-exports them.
#![forbid(unsafe_code)]

mod diag;
mod graph;
mod names;
mod pipeline;
mod units;

/// The inside of `forebay::pipeline!`, which passes its own path on.
#[doc(hidden)]
#[proc_macro]
pub fn __pipeline(tokens: proc_macro::TokenStream) -> proc_macro::TokenStream {
    pipeline::expand(tokens.into()).into()
}
