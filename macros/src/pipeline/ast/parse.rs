//! A whole declaration: its heading, then clauses and wires.

use proc_macro2::TokenStream;
use syn::parse::{Parse, ParseStream, Parser};
use syn::{Attribute, Error, Generics, Ident, Result, Visibility, braced, token};

use super::clause::clauses;
use super::context::skip;
use super::{Ast, Context};

/// Reads a declaration. There is one, perhaps with parts left out, as soon as its name has been seen.
pub(crate) fn pipeline(tokens: TokenStream, cx: &mut Context) -> Option<Ast> {
    let parser = |input: ParseStream| Ok(declaration(input, cx));
    match parser.parse2(tokens) {
        Ok(ast) => ast,
        Err(error) => {
            cx.errors.push(error);
            None
        }
    }
}

fn declaration(input: ParseStream, cx: &mut Context) -> Option<Ast> {
    let (docs, vis, name) = match heading(input, cx) {
        Ok(found) => found,
        Err(error) => {
            cx.errors.push(error);
            skip(input, |_| false);
            return None;
        }
    };
    let mut ast = Ast {
        docs,
        vis,
        name,
        generics: Generics::default(),
        budget: None,
        drain: None,
        ports: Vec::new(),
        resources: Vec::new(),
        nodes: Vec::new(),
        wires: Vec::new(),
    };
    if let Err(error) = rest(input, &mut ast, cx) {
        cx.errors.push(error);
        cx.broken.graph = true;
        skip(input, |_| false);
    }
    Some(ast)
}

fn heading(input: ParseStream, cx: &mut Context) -> Result<(Vec<Attribute>, Visibility, Ident)> {
    let docs = docs(input, cx)?;
    let vis = input.parse()?;
    if !input.peek(Ident) {
        return Err(Error::new(
            input.span(),
            "expected the name of a pipeline: `pipeline! { Name { … } }`",
        ));
    }
    Ok((docs, vis, input.parse()?))
}

fn rest(input: ParseStream, ast: &mut Ast, cx: &mut Context) -> Result<()> {
    ast.generics = input.parse()?;
    ast.generics.where_clause = input.parse()?;
    if !input.peek(token::Brace) {
        return Err(Error::new(
            input.span(),
            "expected `{`, the clauses and wires of the pipeline, and `}`",
        ));
    }
    let content;
    braced!(content in input);
    clauses(&content, ast, cx);
    if !input.is_empty() {
        return Err(Error::new(
            input.span(),
            "a pipeline ends here; another one has a `pipeline!` of its own",
        ));
    }
    Ok(())
}

/// Doc comments; other attributes are refused.
pub(super) fn docs(input: ParseStream, cx: &mut Context) -> Result<Vec<Attribute>> {
    let (docs, others): (Vec<_>, Vec<_>) = input
        .call(Attribute::parse_outer)?
        .into_iter()
        .partition(|attribute| attribute.path().is_ident("doc"));
    for other in others {
        cx.errors
            .at(&other, "only doc comments may stand here: a pipeline has no other attributes");
    }
    Ok(docs)
}

/// The name of `what`.
pub(super) fn name(input: ParseStream, what: &str) -> Result<Ident> {
    if input.peek(Ident) {
        return Ident::parse(input);
    }
    Err(Error::new(input.span(), format!("expected the name of {what}")))
}
