//! `#[stage]`: a function or an `impl` becomes a stage, and stays what it was.

mod alias;
mod ast;
mod check;
mod check_impl;
mod dummy;
mod expand;
mod form;
mod generics;
pub(crate) mod inlet;
mod model;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diag::Errors;
use crate::tokens::without_attributes;

/// All phases: parse, model, check, expand. The user's item comes first, as it was written.
pub(crate) fn stage(args: TokenStream, item: TokenStream) -> TokenStream {
    let mut errors = Errors::default();
    let args = ast::Args::parse(args, &mut errors);
    let mut written = item.clone();
    let traits = match errors.keep(syn::parse2(item.clone())) {
        Some(ast::Item::Function(function)) => {
            let stage = model::Function::new(function);
            check::function(&stage, &args, &mut errors);
            if stage.call.receiver.is_some() {
                // It stands in an `impl`, where there is no place for what would stand in.
                return quote!(#errors);
            }
            if errors.is_empty() {
                expand::function(&stage, &args)
            } else {
                dummy::function(&stage, &args)
            }
        }
        Some(ast::Item::Impl(block)) => {
            written = without_attributes(written, &["inlet"], 1);
            let stage = model::Impl::new(block);
            check_impl::implementation(&stage, &args, &mut errors);
            if errors.is_empty() {
                expand::implementation(&stage, &args)
            } else {
                dummy::implementation(&stage, &args)
            }
        }
        None => ast::name_of_broken(item)
            .map(|name| dummy::named(&name, &args))
            .unwrap_or_default(),
    };
    quote! { #written #errors #traits }
}
