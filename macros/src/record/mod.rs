//! `#[record]`: a type gets a name, a version, a key and a priority, and stays what it was.

mod ast;
mod check;
mod expand;
mod model;
#[cfg(test)]
mod tests;

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

use crate::diag::Errors;
use crate::tokens::without_attributes;

/// All phases: parse, model, check, expand. The user's type comes first, without the helper attributes.
pub(crate) fn record(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = ast::Args::parse(args, &mut errors);
    let written = without_attributes(item.clone(), &model::ROLES.map(|(name, _)| name), 2);
    let Some(input) = errors.keep(ast::parse(item)) else {
        return quote! { #written #errors };
    };
    let record = model::Record::new(input);
    check::check(&record, &args, &mut errors);
    let args = if errors.is_empty() { args } else { args.without_values() };
    let traits = if record.can_travel() {
        expand::expand(&record, &args)
    } else {
        TokenStream::new()
    };
    quote! { #written #errors #traits }
}

fn is_a_type(item: TokenStream) -> bool {
    let is_keyword = |word: &proc_macro2::Ident| ["struct", "enum", "union"].iter().any(|keyword| word == keyword);
    item.into_iter()
        .any(|token| matches!(token, TokenTree::Ident(word) if is_keyword(&word)))
}
