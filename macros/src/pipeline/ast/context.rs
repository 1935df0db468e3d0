//! How reading goes on after a mistake: what is broken is reported, skipped and remembered.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::parse::discouraged::Speculative;

use crate::diag::Errors;

/// Collects what goes wrong while a declaration is read, so that reading goes on.
#[derive(Debug, Default)]
pub(crate) struct Context {
    pub errors: Errors,
    pub broken: Broken,
}

/// What is broken, and reported: nothing that may follow from it is reported again.
#[derive(Debug, Default)]
pub(crate) struct Broken {
    /// Every name that stands in a broken part.
    pub names: BTreeSet<String>,
    /// Something is missing from the graph: what seems to lead nowhere may lead there.
    pub graph: bool,
}

impl Broken {
    /// Whether an error about `name` may follow from another one.
    pub(crate) fn has(&self, name: impl ToString) -> bool {
        self.names.contains(&name.to_string())
    }

    /// An error about `name` is reported: no other follows.
    pub(crate) fn name(&mut self, name: impl ToString) {
        self.names.insert(name.to_string());
    }

    /// All names in `tokens`.
    fn all(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => self.name(ident),
                TokenTree::Group(group) => self.all(group.stream()),
                TokenTree::Punct(_) | TokenTree::Literal(_) => {}
            }
        }
    }
}

/// Where to go on after something broken.
pub(crate) type Stop = fn(ParseStream) -> bool;

impl Context {
    /// Runs a parser; if it fails, reports, and skips what is left up to (not with) a token that `stop` accepts.
    /// The graph then has a hole, and the names of the whole part count as broken.
    pub(crate) fn recover<T>(&mut self, input: ParseStream, stop: Stop, parser: impl Parser<T>) -> Option<T> {
        let read = self.attempt(input, stop, parser);
        let value = read.map_err(|skipped| {
            self.broken.graph = true;
            self.broken.all(skipped);
        });
        value.ok()
    }

    /// The same for a part that makes no hole in the graph: an option, a ring.
    pub(crate) fn detail<T>(&mut self, input: ParseStream, stop: Stop, parser: impl Parser<T>) -> Option<T> {
        self.attempt(input, stop, parser).ok()
    }

    /// What the parser reads, or the tokens skipped.
    fn attempt<T>(&mut self, input: ParseStream, stop: Stop, parser: impl Parser<T>) -> Result<T, TokenStream> {
        // On a copy: what is left unread in a group of a broken part must not be an error of its own.
        let ahead = input.fork();
        let error = match parser(&ahead, self) {
            Ok(value) => {
                input.advance_to(&ahead);
                return Ok(value);
            }
            Err(error) => error,
        };
        self.errors.push(error);
        let mut skipped = TokenStream::new();
        let mut past = false;
        while !input.is_empty() {
            past |= input.cursor() == ahead.cursor();
            if past && stop(input) {
                break;
            }
            match input.parse::<TokenTree>() {
                Ok(token) => skipped.extend([token]),
                Err(_) => break,
            }
        }
        Err(skipped)
    }
}

/// Reads a part, and reports what is wrong beside it.
pub(crate) trait Parser<T>: FnOnce(ParseStream, &mut Context) -> syn::Result<T> {}
impl<T, F: FnOnce(ParseStream, &mut Context) -> syn::Result<T>> Parser<T> for F {}

/// Skips up to (not with) a token that `stop` accepts, or to the end.
pub(crate) fn skip(input: ParseStream, stop: Stop) {
    while !input.is_empty() && !stop(input) {
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}
