//! What `#[stage]` stands on, with the bodies left opaque.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Generics, Path, Signature, Token, Type, Visibility, braced, token};

use crate::diag::Errors;
use crate::options::{self, Known};
use crate::root::Root;

/// The options of `#[stage(…)]`.
#[derive(Debug, Default)]
pub(crate) struct Args {
    pub(crate) root: Root,
    /// Where it says `runtime = none`.
    pub(crate) runtime_free: Option<Ident>,
}

const KNOWN: &[Known] = &[("runtime", "none"), ("crate", "::forebay")];

impl Args {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut args = Args::default();
        for option in options::parse(tokens, KNOWN, errors) {
            if option.name == "crate" {
                args.root = option.value::<Path>("::forebay", errors).map(Root::from).unwrap_or_default();
            } else if let Some(value) = option.value::<Ident>("none", errors) {
                if value == "none" {
                    args.runtime_free = Some(value);
                } else {
                    errors.at(
                        &value,
                        format!("`runtime = {value}` is not known: a stage says `runtime = none`, or nothing"),
                    );
                }
            }
        }
        args
    }
}

/// A function, or an `impl`.
#[derive(Debug)]
pub(crate) enum Item {
    Function(Function),
    Impl(Impl),
}

/// A function without its body.
#[derive(Debug)]
pub(crate) struct Function {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    pub(crate) sig: Signature,
}

/// An `impl` block: its methods, without their bodies.
#[derive(Debug)]
pub(crate) struct Impl {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) generics: Generics,
    /// The trait, where it is the `impl` of one.
    pub(crate) of: Option<Path>,
    pub(crate) ty: Type,
    pub(crate) methods: Vec<Method>,
}

/// A method without its body.
#[derive(Debug)]
pub(crate) struct Method {
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) sig: Signature,
}

impl Parse for Item {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        if input.peek(Token![impl]) || input.peek(Token![unsafe]) && input.peek2(Token![impl]) {
            return Ok(Item::Impl(Impl::parse(attrs, input)?));
        }
        let vis = input.parse()?;
        if !starts_function(input) {
            return Err(input.error("`#[stage]` goes on a function, or on an `impl` block of a type"));
        }
        let sig = input.parse()?;
        parse_body(input)?;
        Ok(Item::Function(Function { attrs, vis, sig }))
    }
}

impl Impl {
    fn parse(attrs: Vec<Attribute>, input: ParseStream) -> syn::Result<Self> {
        input.parse::<Option<Token![unsafe]>>()?;
        input.parse::<Token![impl]>()?;
        let mut generics = if input.peek(Token![<]) {
            input.parse()?
        } else {
            Generics::default()
        };
        let mut ty: Type = input.parse()?;
        let mut of = None;
        if input.parse::<Option<Token![for]>>()?.is_some() {
            if let Type::Path(path) = ty {
                of = Some(path.path);
            }
            ty = input.parse()?;
        }
        generics.where_clause = input.parse()?;
        let content;
        braced!(content in input);
        content.call(Attribute::parse_inner)?;
        let mut methods = Vec::new();
        while !content.is_empty() {
            methods.extend(parse_member(&content)?);
        }
        Ok(Impl {
            attrs,
            generics,
            of,
            ty,
            methods,
        })
    }
}

/// One member of an `impl` block, if it is a method.
fn parse_member(input: ParseStream) -> syn::Result<Option<Method>> {
    let attrs = input.call(Attribute::parse_outer)?;
    input.parse::<Visibility>()?;
    if starts_function(input) {
        let sig = input.parse()?;
        parse_body(input)?;
        return Ok(Some(Method { attrs, sig }));
    }
    // A constant may have a brace before its end; a macro may end with its brace.
    let ends_with_semicolon = input.peek(Token![const]) || input.peek(Token![type]);
    loop {
        match input.parse::<TokenTree>()? {
            TokenTree::Punct(punct) if punct.as_char() == ';' => return Ok(None),
            TokenTree::Group(_) if !ends_with_semicolon && !input.peek(Token![;]) => return Ok(None),
            _ => {}
        }
    }
}

fn starts_function(input: ParseStream) -> bool {
    let ahead = input.fork();
    ahead.parse::<Option<Token![const]>>().is_ok()
        && ahead.parse::<Option<Token![async]>>().is_ok()
        && ahead.parse::<Option<Token![unsafe]>>().is_ok()
        && ahead.parse::<Option<syn::Abi>>().is_ok()
        && ahead.peek(Token![fn])
}

fn parse_body(input: ParseStream) -> syn::Result<()> {
    if !input.peek(token::Brace) {
        return Err(input.error("expected the body of the function"));
    }
    input.parse::<TokenTree>()?;
    Ok(())
}

/// The name of the function in tokens that did not parse, so that it stays defined.
pub(crate) fn name_of_broken(tokens: TokenStream) -> Option<Ident> {
    let mut tokens = tokens.into_iter();
    tokens.find(|token| matches!(token, TokenTree::Ident(word) if word == "fn" || word == "impl"))?;
    match tokens.next() {
        Some(TokenTree::Ident(name)) => Some(name),
        _ => None,
    }
}

/// The attributes that decide whether an item is there at all.
pub(crate) fn conditions(attrs: &[Attribute]) -> Vec<Attribute> {
    attrs.iter().filter(|attr| attr.path().is_ident("cfg")).cloned().collect()
}

/// Where a helper attribute stands.
pub(crate) fn helper(attrs: &[Attribute], name: &str) -> Option<Span> {
    attrs
        .iter()
        .find(|attr| attr.path().is_ident(name))
        .map(|attr| attr.pound_token.span)
}
