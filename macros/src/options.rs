//! The options of an attribute: `name = value, …`.

use proc_macro2::{Ident, TokenStream, TokenTree};
use syn::parse::Parse;

use crate::diag::Errors;

/// One option, as given.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) name: Ident,
    pub(crate) value: TokenStream,
}

impl Given {
    /// The value as a `T`. `example` is a right one.
    pub(crate) fn value<T: Parse>(&self, example: &str, errors: &mut Errors) -> Option<T> {
        if let Ok(value) = syn::parse2(self.value.clone()) {
            return Some(value);
        }
        let name = &self.name;
        let message = format!("`{name}` is written `{name} = {example}`");
        if self.value.is_empty() {
            errors.at(name, message)
        } else {
            errors.at(&self.value, message)
        }
        None
    }
}

/// An option that the attribute knows, with an example.
pub(crate) type Known = (&'static str, &'static str);

/// The options in `tokens`: each known and given once, or reported.
pub(crate) fn parse(tokens: TokenStream, known: &[Known], errors: &mut Errors) -> Vec<Given> {
    let mut options: Vec<Given> = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while tokens.peek().is_some() {
        let option: Vec<TokenTree> = tokens.by_ref().take_while(|token| !is_punct(token, ',')).collect();
        let Some(TokenTree::Ident(name)) = option.first() else {
            match option.first() {
                Some(token) => errors.at(token, format!("expected an option: {}", list(known))),
                None => errors.at(proc_macro2::Span::call_site(), format!("expected an option: {}", list(known))),
            }
            continue;
        };
        if !known.iter().any(|(option, _)| name == option) {
            errors.at(
                name,
                format!("`{name}` is not an option here; the options are {}", list(known)),
            );
        } else if options.iter().any(|option| option.name == *name) {
            errors.at(name, format!("`{name}` is given twice"));
        } else {
            let has_value = option.get(1).is_some_and(|token| is_punct(token, '='));
            let value = if has_value {
                option[2..].iter().cloned().collect()
            } else {
                TokenStream::new()
            };
            options.push(Given {
                name: name.clone(),
                value,
            });
        }
    }
    options
}

fn is_punct(token: &TokenTree, char: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == char)
}

/// The known options in words.
fn list(known: &[Known]) -> String {
    let known: Vec<String> = known.iter().map(|(name, example)| format!("`{name} = {example}`")).collect();
    known.join(", ")
}
