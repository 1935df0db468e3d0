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
    /// `message`, at a token, or under all of a part.
    pub(crate) fn at(&mut self, at: impl Place, message: impl Display) {
        self.all.push(at.error(message));
    }

    /// What a parser found.
    pub(crate) fn push(&mut self, error: syn::Error) {
        self.all.push(error);
    }

    /// The value, if there is one; otherwise its error is kept.
    pub(crate) fn keep<T>(&mut self, parsed: syn::Result<T>) -> Option<T> {
        parsed.map_err(|error| self.push(error)).ok()
    }

    /// The first one, as code.
    pub(crate) fn first(&self) -> Option<TokenStream> {
        self.all.first().map(syn::Error::to_compile_error)
    }

    /// Whether nothing is wrong so far.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
}

/// Where an error can be shown.
pub(crate) trait Place {
    fn error(self, message: impl Display) -> syn::Error;
}

impl Place for Span {
    fn error(self, message: impl Display) -> syn::Error {
        syn::Error::new(self, message)
    }
}

impl<T: ToTokens> Place for &T {
    fn error(self, message: impl Display) -> syn::Error {
        syn::Error::new_spanned(self, message)
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

/// The messages of the errors in generated code, in order.
#[cfg(test)]
pub(crate) fn messages(tokens: TokenStream) -> Vec<String> {
    use proc_macro2::TokenTree;

    let mut found = Vec::new();
    let mut after = false;
    for token in tokens {
        match token {
            TokenTree::Ident(name) => after = name == "compile_error",
            TokenTree::Group(group) if after => {
                found.extend(syn::parse2::<syn::LitStr>(group.stream()).map(|message| message.value()));
                after = false;
            }
            TokenTree::Group(group) => found.extend(messages(group.stream())),
            _ => {}
        }
    }
    found
}
