//! The clauses of a declaration, and the line between them and wires: a clause begins with its word.

use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Attribute, Error, Expr, Ident, Result, Token, Type, token};

use super::options::options;
use super::parse::{docs, name};
use super::ring::brackets;
use super::wire::{resources, stage_path, wire};
use super::{Ast, Context, Made, NodeClause, PortClause, ResourceClause};
use crate::pipeline::model::{Sharing, Side};

/// The words that begin a clause. They are no keywords: a stage may be called so, since a clause goes on with a name.
const WORDS: [&str; 8] = ["budget", "drain", "input", "output", "topic", "shared", "local", "node"];

/// Reads clauses and wires; a broken one is reported, and left out.
pub(super) fn clauses(input: ParseStream, ast: &mut Ast, cx: &mut Context) {
    while !input.is_empty() {
        let read = cx.recover(input, semicolon, |input: ParseStream, cx: &mut Context| {
            clause(input, ast, cx)
        });
        let ended = input.parse::<Option<Token![;]>>().is_ok_and(|found| found.is_some());
        if ended || read.is_none() {
            continue;
        }
        // The clause itself is right. Where another one seems to begin, only the `;` is missing.
        cx.broken.graph = true;
        if input.peek(Ident::peek_any) || input.peek(Token![#]) {
            cx.errors.push(Error::new(input.span(), missing(input)));
            if word(input).is_none() {
                cx.broken
                    .name(input.cursor().ident().map_or_else(String::new, |(word, _)| word.to_string()));
            }
        } else {
            cx.recover(input, semicolon, |input: ParseStream, _: &mut Context| {
                Err::<(), _>(Error::new(input.span(), missing(input)))
            });
            let _ = input.parse::<Option<Token![;]>>();
        }
    }
}

fn semicolon(input: ParseStream) -> bool {
    input.peek(Token![;])
}

fn missing(input: ParseStream) -> &'static str {
    let arrow = input.peek(Token![->]) || input.peek(Token![-]) || input.peek(Token![=>]);
    match () {
        () if input.is_empty() => "expected `;` at the end of this clause",
        () if arrow => "expected `;`: an arrow is `->`, or `-[512]->` with a ring in it",
        () => "expected `;`",
    }
}

/// The word of a clause, if one begins here.
fn word(input: ParseStream) -> Option<Ident> {
    let ahead = input.fork();
    let word = ahead.call(Ident::parse_any).ok()?;
    let known = WORDS.iter().any(|known| word == known) || word == "service";
    let wire = ahead.peek(Token![->])
        || ahead.peek(Token![-])
        || ahead.peek(Token![.])
        || ahead.peek(Token![::])
        || ahead.peek(Token![;])
        || ahead.peek(token::Paren)
        || ahead.peek(token::Brace);
    (known && !wire).then_some(word)
}

fn clause(input: ParseStream, ast: &mut Ast, cx: &mut Context) -> Result<()> {
    let docs = docs(input, cx)?;
    let Some(word) = word(input) else {
        undocumented(&docs, "wire", cx);
        let wire = wire(input, cx)?;
        ast.wires.push(wire);
        return Ok(());
    };
    let word_span = input.call(Ident::parse_any)?;
    match word.to_string().as_str() {
        "budget" => {
            undocumented(&docs, "budget", cx);
            let budget = cx.detail(input, semicolon, |input: ParseStream, _: &mut Context| input.parse());
            once(&mut ast.budget, &word_span, cx, budget);
        }
        "drain" => {
            undocumented(&docs, "drain", cx);
            let drain = cx.detail(input, semicolon, |input: ParseStream, _: &mut Context| input.parse());
            once(&mut ast.drain, &word_span, cx, drain);
        }
        "input" => ast.ports.push(port(input, docs, Side::Input, cx)?),
        "output" => ast.ports.push(port(input, docs, Side::Output, cx)?),
        "topic" => ast.ports.push(port(input, docs, Side::Topic, cx)?),
        "shared" => ast.resources.push(resource(input, docs, Sharing::Shared)?),
        "local" => ast.resources.push(resource(input, docs, Sharing::Local)?),
        "node" => ast.nodes.push(node(input, docs, cx)?),
        other => {
            let message = format!("`{other}` is not a clause; the clauses are {}, and wires", listed(&WORDS));
            return Err(Error::new(word_span.span(), message));
        }
    }
    Ok(())
}

/// `a`, `b` and `c`, in backquotes.
pub(super) fn listed(words: &[&str]) -> String {
    let quoted: Vec<_> = words.iter().map(|word| format!("`{word}`")).collect();
    quoted.join(", ")
}

fn undocumented(docs: &[Attribute], what: &str, cx: &mut Context) {
    if let Some(doc) = docs.first() {
        cx.errors.at(
            doc,
            format!("a {what} has no documentation: write `//`, or document a port, a resource or a node"),
        );
    }
}

fn once<T>(place: &mut Option<T>, word: &Ident, cx: &mut Context, value: Option<T>) {
    match place {
        Some(_) => cx.errors.at(word, format!("`{word}` is given twice")),
        None => *place = value,
    }
}

fn colon(input: ParseStream, after: &str) -> Result<()> {
    match input.parse::<Option<Token![:]>>()? {
        Some(_) => Ok(()),
        None => Err(Error::new(input.span(), format!("expected `:` and the type of {after}"))),
    }
}

fn given(input: ParseStream) -> Result<Option<Expr>> {
    input.parse::<Option<Token![=]>>()?.map(|_| Expr::parse(input)).transpose()
}

fn ty(input: ParseStream) -> Result<Type> {
    let empty = input.peek(token::Bracket) && !input.peek2(token::Bracket);
    if empty || input.peek(Token![=]) || input.peek(token::Brace) || input.is_empty() || input.peek(Token![;]) {
        return Err(Error::new(input.span(), "expected a type"));
    }
    input.parse()
}

fn port(input: ParseStream, docs: Vec<Attribute>, side: Side, cx: &mut Context) -> Result<PortClause> {
    let name = name(input, "a port")?;
    colon(input, "its records")?;
    let ty = ty(input)?;
    if !input.peek(token::Bracket) {
        return Err(Error::new(input.span(), "expected the ring of the port: `[512]`"));
    }
    Ok(PortClause {
        docs,
        side,
        name,
        ty,
        ring: brackets(input, cx)?,
    })
}

fn resource(input: ParseStream, docs: Vec<Attribute>, sharing: Sharing) -> Result<ResourceClause> {
    let name = name(input, "a resource")?;
    colon(input, "the resource")?;
    Ok(ResourceClause {
        docs,
        sharing,
        name,
        ty: input.parse()?,
        given: given(input)?,
    })
}

fn node(input: ParseStream, docs: Vec<Attribute>, cx: &mut Context) -> Result<NodeClause> {
    let name = name(input, "a node")?;
    if input.parse::<Option<Token![=]>>()?.is_some() {
        let made = Made::Function {
            path: stage_path(input)?,
            resources: resources(input, cx)?,
        };
        return Ok(NodeClause {
            docs,
            name,
            made,
            options: options(input, cx)?,
        });
    }
    if !input.peek(Token![:]) {
        return Err(Error::new(
            input.span(),
            "expected `= stage` (a function), or `: Type` (an `impl` stage)",
        ));
    }
    colon(input, "the stage")?;
    let ty = ty(input)?;
    let options = options(input, cx)?;
    Ok(NodeClause {
        docs,
        name,
        made: Made::State {
            ty,
            given: given(input)?,
        },
        options,
    })
}
