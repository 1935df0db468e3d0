use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::parse::ParseStream;
use syn::{Error, Result};

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

impl Context {
    /// Runs a parser; if it fails, reports, and skips what is left up to (not with) a token that `stop` accepts.
    /// The names of the whole part count as broken.
    pub(crate) fn recover<T>(
        &mut self,
        input: ParseStream,
        stop: fn(ParseStream) -> bool,
        parser: impl FnOnce(ParseStream, &mut Self) -> Result<T>,
    ) -> Option<T> {
        let start = input.fork();
        match parser(input, self) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fail(error);
                skip(input, stop);
                self.broken.graph = true;
                while !start.is_empty() && !stop(&start) {
                    match start.parse::<TokenTree>() {
                        Ok(token) => self.broken.all(token.into()),
                        Err(_) => break,
                    }
                }
                skip(&start, |_| false);
                None
            }
        }
    }

    /// The same for a part that is no graph: an option, a ring.
    pub(crate) fn detail<T>(
        &mut self,
        input: ParseStream,
        stop: fn(ParseStream) -> bool,
        parser: impl FnOnce(ParseStream, &mut Self) -> Result<T>,
    ) -> Option<T> {
        match parser(input, self) {
            Ok(value) => Some(value),
            Err(error) => {
                self.fail(error);
                skip(input, stop);
                None
            }
        }
    }

    fn fail(&mut self, error: Error) {
        self.errors.push(error);
    }
}

/// Skips up to (not with) a token that `stop` accepts, or to the end.
pub(crate) fn skip(input: ParseStream, stop: fn(ParseStream) -> bool) {
    while !input.is_empty() && !stop(input) {
        if input.parse::<TokenTree>().is_err() {
            return;
        }
    }
}
