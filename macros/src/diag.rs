//! All errors of one macro call, reported together.

use std::fmt::Display;

use proc_macro2::TokenStream;
use syn::Error;
use syn::spanned::Spanned;

/// Collects errors; each is reported at the user's own token.
#[derive(Debug, Default)]
pub(crate) struct Errors(Vec<Error>);

impl Errors {
    /// An error at a token.
    pub(crate) fn at(&mut self, at: impl Spanned, message: impl Display) {
        self.0.push(Error::new(at.span(), message));
    }

    /// An error that a parser returned.
    pub(crate) fn push(&mut self, error: Error) {
        self.0.push(error);
    }

    /// Whether there is none so far.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The messages so far.
    #[cfg(test)]
    pub(crate) fn messages(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }

    /// The errors as code; `None` when there is none.
    pub(crate) fn finish(self) -> Option<TokenStream> {
        self.0
            .into_iter()
            .reduce(|mut all, one| {
                all.combine(one);
                all
            })
            .map(|error| error.to_compile_error())
    }
}
