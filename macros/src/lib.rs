//! The procedural macros of forebay. Use them through the `forebay` crate, which re-exports them.
#![forbid(unsafe_code)]

mod diag;
mod options;
mod root;
mod stage;
mod tokens;

use proc_macro::TokenStream;

/// Makes a stage of a function or of an `impl`, which stay what they were.
#[proc_macro_attribute]
pub fn stage(args: TokenStream, item: TokenStream) -> TokenStream {
    stage::stage(args.into(), item.into()).into()
}
