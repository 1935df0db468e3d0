//! Errors, collected: a phase reports all that it sees, and the next phases still run as far as they can.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// What is wrong with the input, in the order found.
#[derive(Debug, Default)]
pub(crate) struct Errors {
    all: Vec<syn::Error>,
}

impl Errors {
    /// `message`, under all of `tokens`.
    pub(crate) fn at(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.all.push(syn::Error::new_spanned(tokens, message));
    }

    /// `message`, where `span` is.
    pub(crate) fn at_span(&mut self, span: Span, message: impl Display) {
        self.all.push(syn::Error::new(span, message));
    }

    /// What syn found.
    pub(crate) fn add(&mut self, error: syn::Error) {
        self.all.push(error);
    }

    /// The value, if there is one; otherwise its error is kept.
    pub(crate) fn keep<T>(&mut self, parsed: syn::Result<T>) -> Option<T> {
        parsed.map_err(|error| self.add(error)).ok()
    }

    /// Whether nothing is wrong so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

impl ToTokens for Errors {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        for error in &self.all {
            tokens.extend(error.to_compile_error());
        }
    }
}

#[cfg(test)]
impl Errors {
    /// The messages.
    pub(crate) fn messages(&self) -> Vec<String> {
        self.all.iter().map(ToString::to_string).collect()
    }
}
