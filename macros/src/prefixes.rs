//! What the macros meet while somebody writes: for their tests.

use proc_macro2::{Group, TokenStream, TokenTree};

/// Every prefix of `source`: cut after each token at every depth, with what is open closed again. The whole is the last one.
pub(crate) fn prefixes(source: &str) -> Vec<TokenStream> {
    cut(source.parse().expect("tokens"))
}

fn cut(tokens: TokenStream) -> Vec<TokenStream> {
    let mut all = vec![TokenStream::new()];
    let mut before: Vec<TokenTree> = Vec::new();
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            for inner in cut(group.stream()) {
                let group = Group::new(group.delimiter(), inner);
                all.push(before.iter().cloned().chain([TokenTree::Group(group)]).collect());
            }
            all.pop();
        }
        before.push(token);
        all.push(before.iter().cloned().collect());
    }
    all
}
