//! What `#[stage]` writes beside the user's item. Nothing here can fail.

mod calls;
mod function;
mod implementation;
mod traits;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;
use syn::spanned::Spanned;

pub(crate) use function::{brace_struct, function};
pub(crate) use implementation::{implementation, inlets};

use super::form::Fails;
use crate::root::Root;

fn out_type(root: &Root, out: Option<&Type>) -> TokenStream {
    out.map_or(quote!(#root::stage::Nothing), ToTokens::to_token_stream)
}

/// The failure's type, as generated code names it.
pub(crate) fn err_type(root: &Root, fails: Option<&Fails>) -> TokenStream {
    match fails {
        None => quote!(::core::convert::Infallible),
        Some(Fails::With(error)) => error.to_token_stream(),
        Some(Fails::Of(path)) => {
            let root = root.at(path.span());
            quote_spanned!(path.span()=> <#path as #root::stage::make::Fallible>::Err)
        }
    }
}

/// A name that cannot meet one of the user's, not even one of a constant.
fn local(name: &str) -> Ident {
    Ident::new(&format!("__{name}"), Span::mixed_site())
}
