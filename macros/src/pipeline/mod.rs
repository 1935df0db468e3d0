//! `pipeline!`: what is written becomes a graph, the graph is checked, and then written out as code.

mod ast;
mod check;
mod expand;
mod model;
mod picture;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::parse::{ParseStream, Parser};
use syn::{Error, Result, Token};

/// Expands `@ ROOT ; DECLARATION`, where `ROOT` is the path of the runtime, as the runtime itself knows it.
pub(crate) fn expand(tokens: TokenStream) -> TokenStream {
    let (root, tokens) = match split.parse2(tokens) {
        Ok(found) => found,
        Err(error) => return error.to_compile_error(),
    };
    let mut cx = ast::Context::default();
    let Some(ast) = ast::pipeline(tokens, &mut cx) else {
        return cx.errors.into_token_stream();
    };
    let model = model::build(ast, &mut cx);
    check::all(&model, &mut cx);
    match cx.errors.is_empty() {
        true => expand::pipeline(&model, &root),
        false => {
            let dummy = expand::dummy(&model, &root, &cx.errors);
            TokenStream::from_iter([cx.errors.into_token_stream(), dummy])
        }
    }
}

fn split(input: ParseStream) -> Result<(TokenStream, TokenStream)> {
    const DIRECT: &str = "use `forebay::pipeline!`: this macro is only its inside";
    let span = input.span();
    input.parse::<Option<Token![@]>>()?.ok_or_else(|| Error::new(span, DIRECT))?;
    let mut root = Vec::new();
    while input.parse::<Option<Token![;]>>()?.is_none() {
        root.push(
            input
                .parse::<proc_macro2::TokenTree>()
                .map_err(|_| Error::new(span, DIRECT))?,
        );
    }
    Ok((TokenStream::from_iter(root), input.parse()?))
}
