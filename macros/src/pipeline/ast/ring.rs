use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Expr, ExprLit, Ident, Lit, Result, Token, bracketed};

use super::clause::listed;
use super::{Context, RingText};
use crate::names::hint;
use crate::pipeline::model::{Affinity, Policy};

/// Kinds of rings that are not known (yet): they stand where a capacity stands.
const KINDS: [&str; 3] = ["broadcast", "latest", "mailbox"];
const OPTIONS: [&str; 4] = ["shed", "drop_oldest", "by key", "by FIELD"];

/// `[512, shed, by key]`. What is wrong inside stays inside.
pub(super) fn brackets(input: ParseStream, cx: &mut Context) -> Result<RingText> {
    let content;
    let brackets = bracketed!(content in input);
    let mut ring = RingText {
        capacity: None,
        policy: Policy::Wait,
        affinity: Affinity::None,
        span: brackets.span.join(),
    };
    ring.capacity = cx.detail(&content, |_| false, |input: ParseStream, _: &mut Context| capacity(input));
    let (mut policy, mut affinity) = (None, None);
    while !content.is_empty() {
        cx.detail(&content, |_| false, separator);
        if content.is_empty() {
            break;
        }
        cx.detail(&content, comma, |input: ParseStream, cx: &mut Context| {
            option(input, &mut policy, &mut affinity, cx)
        });
    }
    ring.policy = policy.unwrap_or(Policy::Wait);
    ring.affinity = affinity.unwrap_or(Affinity::None);
    Ok(ring)
}

fn separator(input: ParseStream, _: &mut Context) -> Result<()> {
    match input.parse::<Option<Token![,]>>()? {
        Some(_) => Ok(()),
        None => Err(Error::new(input.span(), "expected `,` and an option of the ring, or `]`")),
    }
}

pub(super) fn comma(input: ParseStream) -> bool {
    input.peek(Token![,])
}

fn capacity(input: ParseStream) -> Result<Expr> {
    if input.is_empty() {
        return Err(Error::new(input.span(), "a ring has a capacity: `[512]`"));
    }
    let ahead = input.fork();
    if let Ok(word) = ahead.call(Ident::parse_any) {
        if KINDS.iter().any(|kind| word == kind) || ahead.peek(Lit) {
            return Err(unknown(&word, "ring"));
        }
        let option = word == "shed" || word == "drop_oldest" || word == "by" || word == "priority";
        if option && !ahead.peek(Token![::]) {
            return Err(Error::new(word.span(), "a ring begins with its capacity: `[512, …]`"));
        }
    }
    let mut capacity: Expr = input.parse()?;
    // What a `macro_rules!` passes on comes in a group that nobody sees.
    while let Expr::Group(group) = capacity {
        capacity = *group.expr;
    }
    match &capacity {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if matches!(int.suffix(), "" | "usize") => Ok(capacity),
        Expr::Lit(other) => Err(Error::new_spanned(other, "a capacity counts records: a number, or a const")),
        _ => Ok(capacity),
    }
}

fn unknown(word: &Ident, what: &str) -> Error {
    let hint = hint(&word.to_string(), ["shed", "drop_oldest"]);
    let message = format!(
        "`{word}` is not an option of a {what}; the options are {}{hint}",
        listed(&OPTIONS)
    );
    Error::new(word.span(), message)
}

fn option(input: ParseStream, policy: &mut Option<Policy>, affinity: &mut Option<Affinity>, cx: &mut Context) -> Result<()> {
    if !input.peek(Ident::peek_any) {
        return Err(Error::new(
            input.span(),
            format!("expected an option of a ring: {}", listed(&OPTIONS)),
        ));
    }
    let word = input.call(Ident::parse_any)?;
    let new = match word.to_string().as_str() {
        "shed" => Policy::Shed,
        "drop_oldest" => Policy::DropOldest,
        "by" => {
            let message = "expected `by key`, or `by` and the name of a field";
            let field: Ident = input.parse().map_err(|_| Error::new(input.span(), message))?;
            let new = if field == "key" {
                Affinity::Key(field.span())
            } else {
                Affinity::Field(field)
            };
            match affinity {
                Some(_) => cx.errors.at(&word, "the option `by` is given twice"),
                None => *affinity = Some(new),
            }
            return Ok(());
        }
        _ => return Err(unknown(&word, "ring")),
    };
    match policy {
        Some(old) if *old == new => cx.errors.at(&word, format!("the option `{word}` is given twice")),
        Some(_) => cx
            .errors
            .at(&word, "a full ring does one thing: it waits, or `shed`, or `drop_oldest`"),
        None => *policy = Some(new),
    }
    Ok(())
}
