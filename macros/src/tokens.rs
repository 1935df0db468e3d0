//! Small questions about tokens, for what is kept opaque.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Lifetime;

/// The tokens without the attributes `names`, down to `depth` groups deep. All else stays as the user wrote it.
pub(crate) fn without_attributes(tokens: TokenStream, names: &[&str], depth: usize) -> TokenStream {
    let mut kept = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(hash) if hash.as_char() == '#' && tokens.peek().is_some_and(|next| is_attribute(next, names)) => {
                tokens.next();
            }
            TokenTree::Group(group) if depth > 0 => {
                let mut inner = Group::new(group.delimiter(), without_attributes(group.stream(), names, depth - 1));
                inner.set_span(group.span());
                kept.push(TokenTree::Group(inner));
            }
            token => kept.push(token),
        }
    }
    kept.into_iter().collect()
}

fn is_attribute(token: &TokenTree, names: &[&str]) -> bool {
    let TokenTree::Group(group) = token else { return false };
    let mut inside = group.stream().into_iter();
    group.delimiter() == Delimiter::Bracket
        && matches!(inside.next(), Some(TokenTree::Ident(name)) if names.iter().any(|known| name == known))
}

/// Whether `tokens` mention one of `names`, at any depth.
pub(crate) fn mentions(tokens: impl ToTokens, names: &[&Ident]) -> bool {
    !names.is_empty()
        && tokens.into_token_stream().into_iter().any(|token| match token {
            TokenTree::Ident(ident) => names.contains(&&ident),
            TokenTree::Group(group) => mentions(group.stream(), names),
            _ => false,
        })
}

/// The lifetimes that `tokens` mention, by name.
pub(crate) fn lifetimes(tokens: impl ToTokens) -> Vec<Ident> {
    let mut found = Vec::new();
    let mut tokens = tokens.into_token_stream().into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (token, tokens.peek()) {
            (TokenTree::Punct(tick), Some(TokenTree::Ident(name))) if tick.as_char() == '\'' => found.push(name.clone()),
            (TokenTree::Group(group), _) => found.extend(lifetimes(group.stream())),
            _ => {}
        }
    }
    found
}

/// The tokens as a user would write them, nearly.
pub(crate) fn show(tokens: impl ToTokens) -> String {
    let text = tokens.to_token_stream().to_string();
    [
        (" < ", "<"),
        (" >", ">"),
        (" ,", ","),
        (" :: ", "::"),
        ("& ", "&"),
        ("< ", "<"),
    ]
    .iter()
    .fold(text, |text, (from, to)| text.replace(from, to))
}

/// The tokens with `lifetime` in place of every `'_`.
pub(crate) fn with_lifetime(tokens: TokenStream, lifetime: &Lifetime) -> TokenStream {
    let mut replaced = Vec::new();
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match (token, tokens.peek()) {
            (TokenTree::Punct(tick), Some(TokenTree::Ident(name))) if tick.as_char() == '\'' && name == "_" => {
                tokens.next();
                replaced.extend(lifetime.to_token_stream());
            }
            (TokenTree::Group(group), _) => {
                let mut inner = Group::new(group.delimiter(), with_lifetime(group.stream(), lifetime));
                inner.set_span(group.span());
                replaced.push(TokenTree::Group(inner));
            }
            (token, _) => replaced.push(token),
        }
    }
    replaced.into_iter().collect()
}
